# What holds whatever is asked for. Nothing is made: AWS is played by Terraform itself.

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

run "defaults" {
  command = plan

  assert {
    condition     = module.storage.bucket == "diarist-test-recordings-123456789012"
    error_message = "The bucket's name."
  }
  assert {
    condition     = module.database.id == "diarist-test"
    error_message = "The database's name."
  }
}

run "a_second_region" {
  command = plan
  variables {
    second_region = "eu-west-1"
  }

  assert {
    condition     = length(module.second_region) == 1
    error_message = "Nothing is kept elsewhere."
  }
}

run "rejects_an_api_for_the_whole_world" {
  command = plan
  variables {
    public_api_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.public_api_cidrs]
}

run "rejects_a_database_without_backups" {
  command = plan
  variables {
    database = { backup_days = 0 }
  }
  expect_failures = [var.database]
}

run "rejects_a_copy_beside_the_original" {
  command = plan
  variables {
    second_region = "eu-central-1"
  }
  expect_failures = [var.second_region]
}

run "rejects_an_unknown_purpose" {
  command = plan
  variables {
    node_groups = { x = { purpose = "x", instance_types = ["m7i.large"], capacity_type = "SPOT", min = 0, max = 1 } }
  }
  expect_failures = [var.node_groups]
}

run "rejects_a_distribution_without_a_host" {
  command = plan
  variables {
    cdn = { enabled = true }
  }
  expect_failures = [var.cdn]
}

run "rejects_a_budget_that_nobody_hears_of" {
  command = plan
  variables {
    budget = { monthly_usd = 500, emails = [] }
  }
  expect_failures = [var.budget]
}
