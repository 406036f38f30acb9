"""The paths of the files that are deployed: `deployments/` and `prefect.yaml`. This program only reads them.

In a checkout and in an installed wheel, `deployments/` is beside this package. `prefect.yaml` is beside it in
a checkout, and inside `deployments/` in a wheel (pyproject.toml, tool.hatch).
"""

from pathlib import Path

_ROOT = Path(__file__).parents[1]

DEPLOYMENTS = _ROOT / "deployments"
MIGRATIONS = DEPLOYMENTS / "supabase" / "migrations"
AUTOMATIONS = DEPLOYMENTS / "automations"
PREFECT_YAML = next(
    (path for path in (_ROOT / "prefect.yaml", DEPLOYMENTS / "prefect.yaml") if path.exists()),
    _ROOT / "prefect.yaml",
)


def migration_versions() -> list[str]:
    """Returns the versions of the migrations of this program, in ascending order: 14 digits each."""
    return sorted(path.name.split("_")[0] for path in MIGRATIONS.glob("*.sql"))
