// Largest flows of a material in a year
//
// meaning: Which pairs of areas traded most of a material.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: value_usd | number | Value, USD
// column: mass_kg | number? | Net mass, kg; null if any part is unknown
// column: codes | whole | HS codes added up
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year = $year AND r.value_usd >= $min_value_usd
RETURN a.code AS exporter, a.name AS exporter_name, b.code AS importer, b.name AS importer_name,
  r.value_usd AS value_usd, r.mass_kg AS mass_kg, r.flows AS codes
ORDER BY value_usd DESC, exporter, importer
LIMIT $limit
