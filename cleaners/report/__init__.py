"""How findings and differences are shown: text, JSON, SARIF, GitHub annotations, unified diff."""
