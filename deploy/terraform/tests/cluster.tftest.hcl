# Machines and who may do what: workers on spot, cards apart, a role for each that needs one and for nobody else.

mock_provider "aws" {
  override_data {
    target = module.network.data.aws_availability_zones.here
    values = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_secretsmanager_random_password" {
    defaults = { random_password = "not-a-password-but-long-enough" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

mock_provider "aws" {
  alias = "second_region"
}

variables {
  region      = "eu-central-1"
  environment = "test"
  budget      = { monthly_usd = 500, emails = ["owner@example.org"] }
}

run "machines" {
  command = plan

  assert {
    condition = alltrue([
      for purpose in ["worker", "gpu"] : toset(["ON_DEMAND", "SPOT"]) ==
      toset([for group in var.node_groups : group.capacity_type if group.purpose == purpose])
    ])
    error_message = "Workers, with cards and without, can have spot machines and sure ones."
  }
  assert {
    condition     = module.cluster.tainted == toset(["worker", "gpu", "gpu-sure"])
    error_message = "Spot machines and those with cards are for who asks for them."
  }
}

run "roles" {
  command = plan

  assert {
    condition     = toset(keys(output.helm_values.roles)) == toset(["ingestion-api", "job-status-api", "transcription-worker", "llm-worker"])
    error_message = "Each role of Diarist has one of AWS's."
  }
  assert {
    condition     = length(output.helm_values.networkPolicy.destinations.postgresql.to) == 3
    error_message = "Databases are reached in their subnets of three zones."
  }
}

run "rejects_apis_on_machines_that_may_go" {
  command = plan
  variables {
    node_groups = { api = { purpose = "api", instance_types = ["m7i.large"], capacity_type = "SPOT", min = 3, max = 3 } }
  }
  expect_failures = [var.node_groups]
}

run "rejects_glacier_too_early" {
  command = plan
  variables {
    storage = { infrequent_after_days = 30, glacier_after_days = 40 }
  }
  expect_failures = [var.storage]
}
