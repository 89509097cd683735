# What pods may do. Each shows the token of its service account and gets a role for it; no keys lie anywhere.

locals {
  # What each role may do with recordings. Every worker tidies up.
  roles = {
    ingestion-api        = "writing"
    job-status-api       = "reading"
    transcription-worker = "writing"
    llm-worker           = "writing"
  }
  # The chart calls the service account of a role RELEASE-ROLE. Releases are called like the namespace, and its canary.
  releases = [var.namespace, "${var.namespace}-canary"]
  accounts = merge(
    { for role in keys(local.roles) : role => [for release in local.releases : "system:serviceaccount:${var.namespace}:${release}-${role}"] },
    {
      external-secrets   = ["system:serviceaccount:external-secrets:external-secrets"]
      cluster-autoscaler = ["system:serviceaccount:kube-system:cluster-autoscaler"]
    },
  )
}

data "aws_iam_policy_document" "assume" {
  for_each = local.accounts

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:sub"
      values   = each.value
    }
    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each           = local.accounts
  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume[each.key].json
}

# What whoever writes and whoever reads may do alike.
data "aws_iam_policy_document" "looking" {
  statement {
    sid       = "Bucket"
    actions   = ["s3:ListBucket"]
    resources = [var.bucket_arn]
  }
  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

data "aws_iam_policy_document" "writing" {
  source_policy_documents = [data.aws_iam_policy_document.looking.json]
  statement {
    sid = "Objects"
    actions = [
      "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
    ]
    resources = ["${var.bucket_arn}/*"]
  }
}

data "aws_iam_policy_document" "reading" {
  source_policy_documents = [data.aws_iam_policy_document.looking.json]
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject"]
    resources = ["${var.bucket_arn}/*"]
  }
  # Whether it is ready is tried by writing one small object.
  statement {
    sid       = "Readiness"
    actions   = ["s3:PutObject", "s3:PutObjectTagging"]
    resources = ["${var.bucket_arn}/*/readiness/probe"]
  }
}

resource "aws_iam_role_policy" "recordings" {
  for_each = local.roles
  name     = "recordings"
  role     = aws_iam_role.this[each.key].id
  policy   = each.value == "writing" ? data.aws_iam_policy_document.writing.json : data.aws_iam_policy_document.reading.json
}

# The autoscaler makes machines of the groups of this cluster, and no others.
resource "aws_iam_role_policy" "autoscaler" {
  name = "groups"
  role = aws_iam_role.this["cluster-autoscaler"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags", "ec2:DescribeImages", "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceTypesFromInstanceRequirements", "eks:DescribeNodegroup",
        ]
        Resource = "*"
      },
      {
        Effect    = "Allow"
        Action    = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:ResourceTag/k8s.io/cluster-autoscaler/${var.cluster_name}" = "owned" } }
      },
    ]
  })
}
