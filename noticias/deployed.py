"""Where the files lie that are deployed: `deployments/` and `prefect.yaml`. This program only reads them.

In a checkout they lie beside this package. In an installed wheel they lie beside it too, except that
`prefect.yaml` is inside `deployments/` (pyproject.toml, tool.hatch).
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
