// Ports through which an alert's goods could have left
//
// meaning: Ports of the exporter of an alert, with the ships that sailed from them in the alert's year, to the importer and to anywhere.
// data: alerts, places
// parameter: list | alert_list | agnostic | agnostic or learned
// parameter: rank | whole | | Place of the alert on that list
// parameter: limit | whole | 50 | Rows at most
// key: port
// column: port | text | place_id of the port
// column: port_name | text | Its name
// column: locode | text? | UN/LOCODE
// column: size | text? | Harbour size as the World Port Index judges it
// column: exporter | text | Exporter of the flow
// column: importer | text | Importer of the flow
// column: year | whole | Year of the flow
// column: direct | whole? | Passages seen from the port to a port of the importer; null where none was seen
// column: voyages | whole? | Passages seen from the port to any other; null where none was seen
// column: bulk | whole? | Passages of bulk carriers among them
// caveat: Null means that no ship was heard, not that none sailed: receivers do not hear every port.
// caveat: Goods change ship in ports of third countries, so a port without a direct passage is none to leave out.
// caveat: Gold and stones fly, and goods of countries without a coast leave through their neighbours' ports.

MATCH (t:Alert)-[:ABOUT]->(f:Flow)
WHERE t.list = $list AND t.rank = $rank
WITH f.exporter AS exporter, f.importer AS importer, f.year AS year
MATCH (p:Port)
WHERE p.country = exporter
OPTIONAL MATCH (p)-[s:SAILED_TO]->(q:Port)
WHERE s.year = year
WITH p.place_id AS port, p.name AS port_name, p.locode AS locode, p.size AS size, exporter, importer, year,
  CASE WHEN count(CASE WHEN q.country = importer THEN 1 END) > 0
  THEN sum(CASE WHEN q.country = importer THEN s.voyages END) END AS direct,
  CASE WHEN count(s.voyages) > 0 THEN sum(s.voyages) END AS voyages,
  CASE WHEN count(s.bulk) > 0 THEN sum(s.bulk) END AS bulk
RETURN port, port_name, locode, size, exporter, importer, year, direct, voyages, bulk
ORDER BY direct IS NULL, direct DESC, voyages IS NULL, voyages DESC, port
LIMIT $limit
