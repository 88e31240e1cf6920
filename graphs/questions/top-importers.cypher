// Largest importers of a material in a year
//
// meaning: Who imported most of a material, and what share of all recorded trade that is.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: importer
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: exporters | whole | Partners
// column: value_usd | number | Value, USD
// column: share | number? | Part of all trade of the material that year, 0 to 1
// column: mass_kg | number? | Net mass, kg; null if any part is unknown
// column: flows_without_mass | whole | Edges whose mass is unknown
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: A pair without an edge is a pair of which the source knows no trade: it may exist unrecorded.

MATCH (c:Country|Residual)-[t:EXPORTS_TO]->(d:Country|Residual)
WHERE t.source = $source AND t.family = $commodity AND t.year = $year AND c.code <> d.code
WITH CASE WHEN count(t.value_usd) > 0 THEN round(sum(t.value_usd), 3) END AS total_usd
MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year = $year AND a.code <> b.code
WITH total_usd, b.code AS importer, b.name AS importer_name, count(DISTINCT a.code) AS exporters,
  CASE WHEN count(r.value_usd) > 0 THEN round(sum(r.value_usd), 3) END AS value_usd,
  CASE WHEN count(*) > 0 AND count(r.mass_kg) = count(*) THEN round(sum(r.mass_kg), 3) END AS mass_kg,
  count(*) - count(r.mass_kg) AS flows_without_mass
WHERE value_usd >= $min_value_usd
RETURN importer, importer_name, exporters, value_usd,
  CASE WHEN total_usd > 0 THEN value_usd / total_usd END AS share, mass_kg, flows_without_mass
ORDER BY value_usd DESC, importer
LIMIT $limit
