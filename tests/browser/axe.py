"""axe-core on the page that stands open: what would shut people out."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.rig.parts import ROOT

SCRIPT = ROOT / "node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}


def findings(page: Page) -> list[str]:
    """Serious and critical findings, one line each: rule, place, and what axe says about it."""
    # Evaluated through the debugger: the page's own policy lets in no foreign script.
    page.evaluate(SCRIPT.read_text())
    violations = page.evaluate("axe.run().then(found => found.violations)")
    return [
        f"{rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in violations
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
