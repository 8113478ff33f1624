-- How does a view by department look when small departments are withheld? Filled in by warehouse.Privacy.
-- In each partition the smallest departments are withheld: a prefix of the departments in order of size.
WITH ordered AS (
  SELECT
    *,
    {{.Everybody}} AS everybody,
    row_number() OVER by_size AS place,
    sum(licensed_users) OVER by_size - licensed_users AS smaller_ones,
    count(*) FILTER (WHERE licensed_users < {{.MinGroupSize}}) OVER (PARTITION BY {{.Partition}}) AS small_groups
  FROM {{.View}}
  WINDOW by_size AS (
    PARTITION BY {{.Partition}}
    ORDER BY licensed_users, department NULLS LAST
    ROWS UNBOUNDED PRECEDING
  )
),
judged AS (
  SELECT
    *,
    NOT everybody
      AND small_groups > 0
      AND (place <= greatest(small_groups, 2) OR smaller_ones < {{.MinGroupSize}}) AS withheld
  FROM ordered
)
SELECT {{.Columns}}, withheld
FROM judged
ORDER BY ALL
