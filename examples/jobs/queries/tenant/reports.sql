-- name: WriteReport :exec
-- WriteReport writes the report of a month, once however often it is called.
INSERT INTO reports (month, written) VALUES (@month, 1)
ON CONFLICT (month) DO UPDATE SET written = written + 1;

-- name: ListReports :many
-- ListReports returns the reports by month.
SELECT * FROM reports ORDER BY month LIMIT @max_rows;
