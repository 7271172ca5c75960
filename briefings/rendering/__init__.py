"""From a view and a theme's templates to the bytes of a page."""
