"""What is promised of audit, deployment and workflow."""
