#!/bin/sh
# Shows as Markdown what Terraform would change; changes nothing, and takes no lock. TERRAFORM_BACKEND and TERRAFORM_VARIABLES hold
# what `-backend-config` and `-var` are given, one a line; without a backend it is shown what would be made from nothing.
set -eu
cd "$(dirname "$0")/../../deploy/terraform"

folder=$(mktemp -d)
trap 'rm -rf "$folder" backend_override.tf' EXIT
if [ -n "${TERRAFORM_BACKEND:-}" ]; then
    printf 'terraform {\n  backend "s3" {}\n}\n' >backend_override.tf
fi
printf '%s\n' "${TERRAFORM_BACKEND:-}" >"$folder/backend.hcl"
terraform init -input=false -no-color -backend-config="$folder/backend.hcl" >&2

set -- -input=false -no-color -lock=false -out="$folder/plan"
while read -r variable; do
    [ -z "$variable" ] || set -- "$@" -var "$variable"
done <<VARIABLES
${TERRAFORM_VARIABLES:-}
VARIABLES
terraform plan "$@" >&2
printf '## Terraform\n\n```\n'
terraform show -no-color "$folder/plan"
printf '```\n'
