// Trade of a pair year by year
//
// meaning: How the trade of a material between two areas developed.
// data: any
// parameter: exporter | area | | Exporter
// parameter: importer | area | | Importer
// parameter: commodity | family | | Material, e.g. gold
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: year
// column: year | whole | Calendar year
// column: value_usd | number? | Value, USD; null where none is stated
// column: mass_kg | number? | Net mass, kg; null if any part is unknown
// column: usd_per_kg | number? | Value by mass, USD per kg
// column: codes | whole | HS codes added up
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: A year without a row is a year of which the source knows no trade.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE a.code = $exporter AND b.code = $importer AND r.source = $source AND r.family = $commodity
  AND r.year >= $since AND r.year <= $until
RETURN r.year AS year, r.value_usd AS value_usd, r.mass_kg AS mass_kg,
  CASE WHEN r.mass_kg > 0 THEN r.value_usd / r.mass_kg END AS usd_per_kg, r.flows AS codes
ORDER BY year
