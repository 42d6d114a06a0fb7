-- name: CreateModule :one
-- CreateModule adds a module, switched off, and returns it with its defaults.
INSERT INTO modules (id, slug, name, description)
VALUES (@id, @slug, @name, @description)
RETURNING *;

-- name: GetModule :one
-- GetModule returns the module with the given id.
SELECT *
FROM modules
WHERE id = @id;

-- name: ListModules :many
-- ListModules returns the modules in the order of their names: all of them, or, with
-- enabled given, only those that are switched on or off.
SELECT *
FROM modules
WHERE enabled = sqlc.narg('enabled') OR sqlc.narg('enabled') IS NULL
ORDER BY name, id;

-- name: SetModuleEnabled :execrows
-- SetModuleEnabled switches a module on or off. It returns 0 when there is no such
-- module.
UPDATE modules
SET enabled = @enabled, updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE id = @id;

-- name: DeleteModule :execrows
-- DeleteModule removes a module and, with it, its actions and their runs. It returns
-- 0 when there is no such module.
DELETE FROM modules
WHERE id = @id;
