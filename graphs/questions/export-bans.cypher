// Published export bans
//
// meaning: Which export bans the graph knows, and which of its codes they cover.
// data: any
// parameter: exporter | area | any | Exporter; any for all
// key: ban
// column: ban | text | Identifier of the ban
// column: exporter | text | Code of the country that decreed it
// column: exporter_name | text | Its name
// column: codes | text | HS codes covered, by their first digits
// column: start | text | First day
// column: last_day | text? | Last day; null while it stands
// column: held_codes | whole | Covered codes that the graph holds
// column: citation | text | Where it was published
// caveat: Only published bans with a citation are listed.

MATCH (decree:Ban)-[:DECREED_BY]->(c:Country)
WHERE $exporter = "" OR c.code = $exporter
OPTIONAL MATCH (decree)-[:COVERS]->(k:Commodity)
RETURN decree.ban_id AS ban, c.code AS exporter, c.name AS exporter_name, decree.codes AS codes, decree.start AS start,
  decree.`end` AS last_day, count(k.code) AS held_codes, decree.citation AS citation
ORDER BY exporter, start, ban
