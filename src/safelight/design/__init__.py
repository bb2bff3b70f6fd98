"""Page skeleton, components, styles and small modules for the browser. No domain words."""
