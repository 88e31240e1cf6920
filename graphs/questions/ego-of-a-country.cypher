// A country, its partners and the trade among them
//
// meaning: The network around a country for a material and year: its own flows, and those between its partners.
// data: any
// parameter: country | area | | Country or area
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
// column: is_own | flag | True for flows of the country itself
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: Partners are those whose trade with the country reaches the smallest amount.

MATCH (a:Country|Residual)-[o:EXPORTS_TO]->(b:Country|Residual)
WHERE o.source = $source AND o.family = $commodity AND o.year = $year AND o.value_usd >= $min_value_usd
  AND (a.code = $country OR b.code = $country) AND a.code <> b.code
WITH DISTINCT CASE WHEN a.code = $country THEN b.code ELSE a.code END AS partner
MATCH (p:Country|Residual)-[r:EXPORTS_TO]->(s:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year = $year AND r.value_usd >= $min_value_usd
  AND p.code <> s.code AND (p.code = $country OR p.code = partner OR s.code = partner)
WITH p, r, s, count(DISTINCT CASE WHEN p.code = partner THEN partner END) AS is_partner_exporting,
  count(DISTINCT CASE WHEN s.code = partner THEN partner END) AS is_partner_importing
WHERE (p.code = $country OR is_partner_exporting > 0) AND (s.code = $country OR is_partner_importing > 0)
RETURN p.code AS exporter, p.name AS exporter_name, s.code AS importer, s.name AS importer_name,
  r.value_usd AS value_usd, r.mass_kg AS mass_kg, p.code = $country OR s.code = $country AS is_own
ORDER BY is_own DESC, value_usd DESC, exporter, importer
LIMIT $limit
