// Flows whose two declarations state different unit values
//
// meaning: Flows for which the value by mass of one side is at least so many times that of the other.
// data: declared
// parameter: commodity | goods | | Material, e.g. nickel, or a six-digit HS code
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: factor | number | 2 | Smallest factor between both unit values
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: exporter, importer, commodity, year
// column: exporter | text | Code of the exporter
// column: importer | text | Code of the importer
// column: commodity | text | HS code
// column: year | whole | Calendar year
// column: export_usd_per_kg | number | Value by mass as the exporter declares it, USD per kg
// column: import_usd_per_kg | number | Value by mass as the importer declares it, USD per kg
// column: ratio | number | Importer by exporter
// column: mass_ratio | number | Mass of the importer by that of the exporter
// column: larger_usd | number | The larger of both values, USD
// caveat: Importers usually value at CIF, exporters at FOB: a few percent of difference are ordinary.
// caveat: Where one side estimates its mass, or weighs wet what the other weighs dry, unit values differ: see estimated-masses.
// caveat: A ratio of masses near 1 says that both mean the same goods.

MATCH (f:Flow)
WHERE f.source = $source AND (f.family = $commodity OR f.commodity = $commodity) AND f.year >= $since
  AND f.year <= $until AND f.exporter <> f.importer
  AND f.export_value_usd > 0 AND f.import_value_usd > 0 AND f.export_mass_kg > 0 AND f.import_mass_kg > 0
WITH f, f.export_value_usd / f.export_mass_kg AS export_usd_per_kg,
  f.import_value_usd / f.import_mass_kg AS import_usd_per_kg, f.import_mass_kg / f.export_mass_kg AS mass_ratio,
  CASE WHEN f.export_value_usd > f.import_value_usd THEN f.export_value_usd ELSE f.import_value_usd END AS larger_usd
WHERE larger_usd >= $min_value_usd
  AND (import_usd_per_kg >= export_usd_per_kg * $factor OR export_usd_per_kg >= import_usd_per_kg * $factor)
RETURN f.exporter AS exporter, f.importer AS importer, f.commodity AS commodity, f.year AS year, export_usd_per_kg,
  import_usd_per_kg, import_usd_per_kg / export_usd_per_kg AS ratio, mass_ratio, larger_usd
ORDER BY larger_usd DESC, exporter, importer, commodity, year
LIMIT $limit
