#!/bin/sh
# Makes, looks at and takes away what deploy/terraform describes, on a stand-in for AWS: moto (https://docs.getmoto.org), which keeps
# everything in memory. Proves that resources fit together and that a second plan finds nothing to do; not what AWS itself would say.
#   scripts/deploy/terraform_on_moto.sh [RESOURCE...]     all that moto takes, unless some are named, such as module.network
# Left out, as moto does not know them: add-ons and access entries of EKS, replicas of PostgreSQL and copies of its backups, ElastiCache, CloudFront,
# budgets, anomalies of costs; and all that needs one of these.
# Needs terraform with the provider hashicorp/aws 5.100 (a mirror by TF_CLI_CONFIG_FILE where there is no registry), and moto_server.
set -eu
cd "$(dirname "$0")/../.."

PATH="$PWD/.deploy/bin:$PATH"
for tool in terraform moto_server; do
    if ! command -v "$tool" >/dev/null; then
        echo "$tool is missing: terraform comes from https://developer.hashicorp.com/terraform/install, moto_server by 'make .deploy/.installed'" >&2
        exit 3
    fi
done

work=$(mktemp -d)
moto=
# shellcheck disable=SC2329 # the trap calls it
tidy() {
    if [ -n "$moto" ]; then
        kill "$moto" 2>/dev/null || true
        wait "$moto" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap tidy EXIT
trap 'exit 130' INT TERM

port=${MOTO_PORT:-$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
MOTO_IAM_LOAD_MANAGED_POLICIES=true moto_server -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
moto=$!
tries=0
until python3 -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("127.0.0.1", int(sys.argv[1]))))' "$port"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 240 ] || ! kill -0 "$moto" 2>/dev/null; then
        cat "$work/moto.log" >&2
        exit 1
    fi
    sleep 0.25
done

cp -R deploy/terraform "$work/terraform"
cd "$work/terraform"
rm -rf .terraform .terraform.lock.hcl
# No key is real, and nobody but moto is asked.
for alias in "" "alias = \"second_region\""; do
    cat <<OVERRIDE
provider "aws" {
  $alias
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  max_retries                 = 2
}
OVERRIDE
done >moto_override.tf
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID=moto AWS_SECRET_ACCESS_KEY=moto AWS_EC2_METADATA_DISABLED=true
export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
export TF_VAR_region=eu-central-1 TF_VAR_environment=trial TF_VAR_budget='{"monthly_usd":500,"emails":["owner@example.org"]}'
export TF_VAR_database='{"deletion_protected":false,"replicas":0}'

[ $# -gt 0 ] || set -- module.network module.storage \
    module.cluster.aws_eks_node_group.this \
    module.cluster.aws_iam_role_policy_attachment.volumes module.database.aws_db_instance.this \
    module.access.aws_iam_role.this module.access.aws_iam_role_policy.recordings module.access.aws_iam_role_policy.autoscaler \
    module.access.aws_iam_role_policy.secrets module.watch.aws_sns_topic_subscription.email
targets=
for resource; do
    targets="$targets -target=$resource"
done

terraform init -no-color >"$work/init.log" || { cat "$work/init.log" >&2; exit 1; }
# shellcheck disable=SC2086 # several arguments
terraform apply -auto-approve -no-color -compact-warnings $targets >"$work/apply.log" 2>&1 || { tail -60 "$work/apply.log" >&2; exit 1; }
grep '^Apply complete' "$work/apply.log"
status=0
# shellcheck disable=SC2086
terraform plan -detailed-exitcode -no-color -compact-warnings $targets >"$work/plan.log" 2>&1 || status=$?
case $status in
0) echo "A second plan finds nothing to do." ;;
2) grep -E '^  # .* (must|will) be (replaced|updated|created|destroyed)|^Plan:' "$work/plan.log" ;;
*) tail -60 "$work/plan.log" >&2; exit 1 ;;
esac
terraform destroy -auto-approve -no-color -compact-warnings >"$work/destroy.log" 2>&1 || { tail -60 "$work/destroy.log" >&2; exit 1; }
grep '^Destroy complete' "$work/destroy.log"
# What moto does not remember of EKS and RDS would be made anew each time; all else has to stay as it is.
if grep -E '^  # module\.(network|storage|access|watch)\.[^ ]* (must|will) be (replaced|updated|created|destroyed)' "$work/plan.log"; then
    exit 1
fi
