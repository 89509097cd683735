terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # The state knows secrets: keep it encrypted, locked and apart, such as
  #   terraform init -backend-config="bucket=…" -backend-config="key=diarist" -backend-config="use_lockfile=true"
  # backend "s3" {}
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { application = var.name, environment = var.environment }
  }
}

provider "aws" {
  alias  = "second_region"
  region = var.second_region == "" ? var.region : var.second_region

  default_tags {
    tags = { application = var.name, environment = var.environment }
  }
}
