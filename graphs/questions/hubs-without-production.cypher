// Exporters of a material that no production table lists
//
// meaning: Countries that export a material although no table lists production of it there in that year.
// data: any, production
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: country
// column: country | text | Country code
// column: country_name | text | Its name
// column: exports_usd | number | Exports, USD
// column: exports_kg | number? | Net mass, kg; null if any part is unknown
// column: markets | whole | Partners that it exports to
// column: imports_usd | number? | Recorded imports, USD; null where none are recorded
// column: imports_kg | number? | Net mass, kg; null if any part is unknown
// column: suppliers | whole | Partners that it imports from
// column: listed_producers | whole | Countries that the tables list as producers that year
// caveat: Production tables are incomplete: a country that is not listed may mine the material on a small scale.
// caveat: Refining, trading and vaulting are ordinary reasons for exports without mines.
// caveat: Empty where the tables list no producer at all that year: nothing can be said then.

MATCH (c:Country)-[p:PRODUCES]->(m:Family)
WHERE m.name = $commodity AND p.year = $year AND p.mass_kg > 0
WITH count(DISTINCT c.code) AS listed_producers
WHERE listed_producers > 0
MATCH (hub:Country)-[o:EXPORTS_TO]->(b:Country|Residual)
WHERE o.source = $source AND o.family = $commodity AND o.year = $year AND hub.code <> b.code
  AND NOT EXISTS {
    MATCH (hub)-[own:PRODUCES]->(n:Family)
    WHERE n.name = $commodity AND own.year = $year AND (own.mass_kg > 0 OR own.mass_kg IS NULL)
  }
WITH listed_producers, hub, count(DISTINCT b.code) AS markets,
  CASE WHEN count(o.value_usd) > 0 THEN round(sum(o.value_usd), 3) END AS exports_usd,
  CASE WHEN count(*) > 0 AND count(o.mass_kg) = count(*) THEN round(sum(o.mass_kg), 3) END AS exports_kg
WHERE exports_usd >= $min_value_usd
OPTIONAL MATCH (s:Country|Residual)-[i:EXPORTS_TO]->(hub)
WHERE i.source = $source AND i.family = $commodity AND i.year = $year AND s.code <> hub.code
RETURN hub.code AS country, hub.name AS country_name, exports_usd, exports_kg, markets,
  CASE WHEN count(i.value_usd) > 0 THEN round(sum(i.value_usd), 3) END AS imports_usd,
  CASE WHEN count(i.edge_id) > 0
  AND count(i.mass_kg) = count(i.edge_id) THEN round(sum(i.mass_kg), 3) END AS imports_kg,
  count(i.edge_id) AS suppliers, listed_producers
ORDER BY exports_usd DESC, country
LIMIT $limit
