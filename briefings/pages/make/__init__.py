"""From the linked site to the views of each family of pages."""
