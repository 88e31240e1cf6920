// What the graph holds, by source and year
//
// meaning: Flows, areas and codes of each source and year, and what they lack.
// data: any
// parameter: since | year | 1900 | First year
// parameter: until | year | 2199 | Last year
// key: source, year
// column: source | text | Source
// column: year | whole | Calendar year
// column: flows | whole | Flows
// column: exporters | whole | Exporters
// column: importers | whole | Importers
// column: codes | whole | HS codes
// column: both_declared | whole | Flows that both sides declare
// column: without_value | whole | Flows without any value
// column: without_mass | whole | Flows without any mass
// caveat: A flow that no source holds is not counted: absence here is not absence of trade.

MATCH (f:Flow)
WHERE f.year >= $since AND f.year <= $until
WITH f.source AS source, f.year AS year, count(*) AS flows, count(DISTINCT f.exporter) AS exporters,
  count(DISTINCT f.importer) AS importers, count(DISTINCT f.commodity) AS codes,
  count(CASE WHEN f.export_value_usd IS NOT NULL AND f.import_value_usd IS NOT NULL THEN 1 END) AS both_declared,
  count(*) - count(coalesce(f.value_usd, f.export_value_usd, f.import_value_usd)) AS without_value,
  count(*) - count(coalesce(f.mass_kg, f.export_mass_kg, f.import_mass_kg)) AS without_mass
RETURN source, year, flows, exporters, importers, codes, both_declared, without_value, without_mass
ORDER BY source, year
