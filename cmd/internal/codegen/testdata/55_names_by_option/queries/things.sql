-- name: GetShop :one
SELECT * FROM stores WHERE id = @id;

-- name: ListNews :many
SELECT * FROM news;

-- name: ByAPI :many
SELECT url_id, txt FROM stores WHERE api_key = @api_key AND url_id = @url_id;
