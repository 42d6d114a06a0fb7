-- name: SetMembership :one
-- SetMembership makes a user a member of a tenant, or changes the role of one who is,
-- and returns the membership. role is owner, editor or viewer.
INSERT INTO memberships (tenant_id, user_id, role)
VALUES (@tenant_id, @user_id, @role)
ON CONFLICT (tenant_id, user_id) DO UPDATE
SET role = excluded.role
RETURNING *;

-- name: ListMembers :many
-- ListMembers returns the users of a tenant in the order of their email addresses,
-- with their roles.
SELECT users.id, users.email, users.name, memberships.role
FROM memberships
JOIN users ON users.id = memberships.user_id
WHERE memberships.tenant_id = @tenant_id
ORDER BY users.email;

-- name: ListMembershipsOfUser :many
-- ListMembershipsOfUser returns what a user is a member of, in the order of the
-- tenants.
SELECT *
FROM memberships
WHERE user_id = @user_id
ORDER BY tenant_id;

-- name: DeleteMembership :execrows
-- DeleteMembership ends a user's membership of a tenant. It returns 0 when there is
-- none.
DELETE FROM memberships
WHERE tenant_id = @tenant_id AND user_id = @user_id;
