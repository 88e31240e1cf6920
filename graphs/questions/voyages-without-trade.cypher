// Passages of bulk carriers between countries without recorded trade
//
// meaning: Pairs of countries between which bulk carriers sailed in a year in which a source knows no trade of theirs.
// data: any, ships
// parameter: year | year | | Calendar year
// parameter: min_voyages | whole | 1 | Pairs with fewer passages of bulk carriers are left out
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer
// column: exporter | text | Country that the ships left
// column: importer | text | Country at which they arrived
// column: bulk | whole | Passages of bulk carriers
// column: laden | whole | Passages with cargo, by the draught, of all ships
// column: unladen | whole | Passages without cargo, by the draught, of all ships
// column: cargo_kg | number? | Cargo of all ships as far as it could be worked out, kg
// caveat: Ships sail empty to fetch cargo, and call to take fuel: a passage is no trade.
// caveat: Only the goods of this analysis are held here: a bulk carrier with grain, say, has no flow in this graph.
// caveat: Goods that are only carried on are declared by neither country.

MATCH (g:Flow)
WHERE g.source = $source AND g.year = $year
WITH count(*) AS known
WHERE known > 0
MATCH (a:Port)-[s:SAILED_TO]->(b:Port)
WHERE s.year = $year AND a.country <> b.country AND s.bulk > 0
WITH a.country AS exporter, b.country AS importer, CASE WHEN count(s.bulk) > 0 THEN sum(s.bulk) END AS bulk,
  CASE WHEN count(s.laden) > 0 THEN sum(s.laden) END AS laden,
  CASE WHEN count(s.unladen) > 0 THEN sum(s.unladen) END AS unladen,
  CASE WHEN count(s.cargo_kg) > 0 THEN round(sum(s.cargo_kg), 3) END AS cargo_kg
WHERE bulk >= $min_voyages
OPTIONAL MATCH (f:Flow)
WHERE f.source = $source AND f.year = $year AND f.exporter = exporter AND f.importer = importer
WITH exporter, importer, bulk, laden, unladen, cargo_kg, count(f.flow_id) AS flows
WHERE flows = 0
RETURN exporter, importer, bulk, laden, unladen, cargo_kg
ORDER BY bulk DESC, exporter, importer
LIMIT $limit
