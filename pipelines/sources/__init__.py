"""One module per source: `fetch` brings bytes, `parse` is pure and turns bytes into a frame."""
