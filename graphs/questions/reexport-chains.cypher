// From a producer through a country without production to a market
//
// meaning: Chains of two flows in one year: a listed producer, a country that no table lists, a market.
// data: any, production
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: producer, hub, market
// column: producer | text | Code of the listed producer
// column: hub | text | Code of the country in between
// column: hub_name | text | Its name
// column: market | text | Code of the market
// column: bought_usd | number | Producer to hub, USD
// column: sold_usd | number | Hub to market, USD
// column: at_most_usd | number | The smaller of both: what can have passed through at most, USD
// caveat: Production tables are incomplete: a country that is not listed may mine the material on a small scale.
// caveat: That two flows meet in one country does not show that the same goods travelled on.
// caveat: Annual figures: goods bought late in a year may be sold in the next.

MATCH (p:Country)-[mined:PRODUCES]->(n:Family)
WHERE n.name = $commodity AND mined.year = $year AND mined.mass_kg > 0
WITH DISTINCT p
MATCH (p)-[x:EXPORTS_TO]->(h:Country)
WHERE x.source = $source AND x.family = $commodity AND x.year = $year AND x.value_usd >= $min_value_usd
  AND p.code <> h.code
  AND NOT EXISTS {
    MATCH (h)-[own:PRODUCES]->(k:Family)
    WHERE k.name = $commodity AND own.year = $year AND (own.mass_kg > 0 OR own.mass_kg IS NULL)
  }
WITH p, h, x.value_usd AS bought_usd
MATCH (h)-[y:EXPORTS_TO]->(m:Country|Residual)
WHERE y.source = $source AND y.family = $commodity AND y.year = $year AND y.value_usd >= $min_value_usd
  AND h.code <> m.code AND p.code <> m.code
RETURN p.code AS producer, h.code AS hub, h.name AS hub_name, m.code AS market, bought_usd, y.value_usd AS sold_usd,
  CASE WHEN bought_usd < y.value_usd THEN bought_usd ELSE y.value_usd END AS at_most_usd
ORDER BY at_most_usd DESC, producer, hub, market
LIMIT $limit
