// How concentrated the exporters of a material are
//
// meaning: Number of exporters, Herfindahl index (sum of squared shares) and the largest share, year by year.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: year
// column: year | whole | Calendar year
// column: exporters | whole | Exporters on record
// column: value_usd | number | Value, USD
// column: concentration | number? | Sum of squared shares: 1 for one exporter, near 0 for many equal ones
// column: largest_share | number? | Part of the largest exporter
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year >= $since AND r.year <= $until AND a.code <> b.code
WITH r.year AS year, a.code AS exporter,
  CASE WHEN count(r.value_usd) > 0 THEN round(sum(r.value_usd), 3) END AS exports_usd
WHERE exports_usd > 0
WITH year, count(*) AS exporters, CASE WHEN count(exports_usd) > 0 THEN round(sum(exports_usd), 3) END AS value_usd,
  CASE WHEN count(exports_usd) > 0 THEN sum(exports_usd * exports_usd) END AS squares, max(exports_usd) AS largest_usd
RETURN year, exporters, value_usd, squares / (value_usd * value_usd) AS concentration,
  largest_usd / value_usd AS largest_share
ORDER BY year
