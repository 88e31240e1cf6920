// Producers with little recorded export
//
// meaning: Listed producers whose recorded exports weigh less than a part of what they mine, or that export nothing on record.
// data: any, production
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: max_part | number | 0.05 | Exported mass, as a part of production, up to which a producer is listed
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: country
// column: country | text | Country code
// column: country_name | text | Its name
// column: produced_kg | number | Largest figure of the tables, kg
// column: exports_kg | number? | Recorded exports, kg; null where none are recorded
// column: exports_usd | number? | Recorded exports, USD; null where none are recorded
// caveat: Trade is stated in gross mass of goods, production in the content or the ore that its table states: ore weighs more than its metal.
// caveat: Smelting and use at home are ordinary; so is export under another heading of the next stage.
// caveat: Producers with a flow of unknown mass are left out.
// caveat: Empty where the source holds no trade of the material at all in that year.

MATCH (:Country|Residual)-[e:EXPORTS_TO]->(:Country|Residual)
WHERE e.source = $source AND e.family = $commodity AND e.year = $year
WITH count(*) AS edges_held
WHERE edges_held > 0
MATCH (c:Country)-[p:PRODUCES]->(m:Family)
WHERE m.name = $commodity AND p.year = $year
WITH c, max(p.mass_kg) AS produced_kg
WHERE produced_kg > 0
OPTIONAL MATCH (c)-[o:EXPORTS_TO]->(b:Country|Residual)
WHERE o.source = $source AND o.family = $commodity AND o.year = $year AND c.code <> b.code
WITH c, produced_kg, count(o.edge_id) AS markets, CASE WHEN count(o.edge_id) > 0
  AND count(o.mass_kg) = count(o.edge_id) THEN round(sum(o.mass_kg), 3) END AS exports_kg,
  CASE WHEN count(o.value_usd) > 0 THEN round(sum(o.value_usd), 3) END AS exports_usd
WHERE markets = 0 OR exports_kg <= $max_part * produced_kg
RETURN c.code AS country, c.name AS country_name, produced_kg, exports_kg, exports_usd
ORDER BY produced_kg DESC, country
LIMIT $limit
