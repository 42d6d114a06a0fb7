package tenantcli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
)

// keyDone is what a command that makes or ends a key prints.
type keyDone struct {
	done
	Key   string `json:"key"` // its ID; empty for one that is not made in a dry run
	Label string `json:"label"`
}

// keyIssued is what a command that makes a key prints.
type keyIssued struct {
	keyDone
	Secret    *string `json:"secret"` // the whole key, which is not to be had again
	ExpiresAt *string `json:"expires_at"`
}

// keyRotated is what rotate prints.
type keyRotated struct {
	keyIssued
	Replaces  string  `json:"replaces"`   // the old key's ID
	GoodUntil *string `json:"good_until"` // when that ends
}

// issued prints a new key: the key alone to standard output, so that it can be taken into a
// variable or a file.
func (s *session) issued(record any, k catalog.IssuedKey, about string) error {
	if !s.json {
		fmt.Fprintf(s.cmd.ErrOrStderr(), "%s; this is the only time that it is printed:\n", about)
	}
	return s.print(record, k.Secret.Reveal())
}

func keyIssuedOf(operation string, k catalog.IssuedKey) keyIssued {
	secret := k.Secret.Reveal()
	return keyIssued{keyDone{done{operation, k.Tenant.String(), false, "created"}, k.ID, k.Label}, &secret, stamp(k.ExpiresAt)}
}

// expiry is when a key that is made now, and lasts as long as that, is not good any more. What
// lasts for 0 lasts for ever.
func expiry(lasts time.Duration) time.Time {
	if lasts == 0 {
		return time.Time{}
	}
	return time.Now().Add(lasts)
}

func (t *tool) keysCreate() *cobra.Command {
	var w writing
	var label, lasts string
	cmd := &cobra.Command{
		Use:   "create ID",
		Short: "Make a key of a tenant, and print it once",
		Long: `Create makes an API key of a tenant and prints it to standard output. Only a hash of it is
kept: who loses it rotates it.`,
		Example:           "  tenants keys create acme --label billing --expires-in 90d",
		Args:              arguments("an ID"),
		ValidArgsFunction: t.completeTenant,
	}
	w.dryRunFlag(cmd)
	cmd.Flags().StringVar(&label, "label", "", "who has it, for what")
	cmd.Flags().StringVar(&lasts, "expires-in", "", "how long it is good, as a `time` such as 36h or 90d (default: for ever)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseID(args[0])
		if err != nil {
			return err
		}
		good, err := spanFlag(cmd, "expires-in", lasts)
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			const operation = "keys create"
			if err := s.tenants.Check(ctx, operation, id); err != nil {
				return err
			}
			if err := s.registered(ctx, operation, id); err != nil {
				return err
			}
			expires := expiry(good)
			if w.dryRun {
				record := keyIssued{keyDone{done{operation, id.String(), true, "created"}, "", label}, nil, stamp(expires)}
				return s.print(record, "would be created a key of "+id.String())
			}
			k, err := s.catalog.CreateKey(ctx, catalog.KeyRequest{Tenant: id, Label: label, ExpiresAt: expires})
			if err != nil {
				return err
			}
			return s.issued(keyIssuedOf(operation, k), k, fmt.Sprintf("created key %s of %s", k.ID, id))
		})
	}
	return cmd
}

func (t *tool) keysRotate() *cobra.Command {
	var w writing
	var overlap, lasts string
	cmd := &cobra.Command{
		Use:   "rotate KEY",
		Short: "Make a key that takes another one's place, and print it once",
		Long: `Rotate makes a new key with the tenant and label of an old one, which stays good for
--overlap, so that whoever has it can change over. KEY is a key's ID, as keys list prints it.
It needs --yes, or asks.`,
		Example:           "  tenants keys rotate abcdefghijklmnop --overlap 7d --yes",
		Args:              arguments("a key's ID"),
		ValidArgsFunction: t.completeKey,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	cmd.Flags().StringVar(&overlap, "overlap", "24h", "how long the old key stays good, as a `time` such as 36h or 7d; 0 for not at all")
	cmd.Flags().StringVar(&lasts, "expires-in", "", "how long the new key is good, as a `time` (default: as long as the old one was made to last)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseKey(args[0])
		if err != nil {
			return err
		}
		good, err := spanFlag(cmd, "expires-in", lasts)
		if err != nil {
			return err
		}
		var r catalog.Rotation
		if r.Overlap, err = overlapOf(cmd, overlap); err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error { return s.rotateKey(ctx, &w, id, r, good) })
	}
	return cmd
}

// overlapOf reads how long an old key stays good, as catalog.Rotation has it.
func overlapOf(cmd *cobra.Command, text string) (time.Duration, error) {
	if text == "0" {
		return -1, nil
	}
	return spanFlag(cmd, "overlap", text)
}

func (s *session) rotateKey(ctx context.Context, w *writing, id string, r catalog.Rotation, lasts time.Duration) error {
	const operation = "keys rotate"
	old, err := s.findKey(ctx, operation, id)
	if err == nil {
		err = rotatable(operation, old)
	}
	if err != nil {
		return err
	}
	r.ExpiresAt = expiry(lasts)
	until, expires := r.Ends(old, time.Now())
	if err := s.agree(ctx, w, fmt.Sprintf("Rotate key %s of tenant %s? It ends at %s.", id, old.Tenant, until.UTC().Format(time.RFC3339))); err != nil {
		return err
	}
	if w.dryRun {
		record := keyRotated{keyIssued{keyDone{done{operation, old.Tenant.String(), true, "created"}, "", old.Label}, nil, stamp(expires)}, id, stamp(until)}
		return s.print(record, fmt.Sprintf("would be rotated key %s of %s", id, old.Tenant))
	}
	r.ExpiresAt = expiry(lasts) // it lasts from when it is made, not from when that was asked
	k, err := s.catalog.RotateKey(ctx, id, r)
	if err != nil {
		return err
	}
	until, _ = r.Ends(old, k.CreatedAt)
	good := stamp(until)
	return s.issued(keyRotated{keyIssuedOf(operation, k), id, good}, k, fmt.Sprintf("created key %s of %s in the place of %s, which is good until %s", k.ID, k.Tenant, id, *good))
}

// rotatable fails for a key that cannot be rotated, before anybody is asked about it.
func rotatable(operation string, k catalog.Key) error {
	var err error
	switch {
	case k.State(time.Now()) != catalog.KeyActive:
		err = catalog.ErrKeyEnded
	case k.ReplacedBy != "":
		err = fmt.Errorf("%w, by %s", catalog.ErrKeyReplaced, k.ReplacedBy)
	default:
		return nil
	}
	return &tenantdb.Error{Op: operation, Tenant: k.Tenant, Err: err}
}

func (t *tool) keysRevoke() *cobra.Command {
	var w writing
	cmd := &cobra.Command{
		Use:   "revoke KEY",
		Short: "End a key at once, in all processes, for good",
		Long: `Revoke ends a key: from the next request on it is refused, also by services that run. KEY is
a key's ID, as keys list prints it, or a whole key that was found where it should not be. It
needs --yes, or asks.`,
		Example:           "  tenants keys revoke abcdefghijklmnop --yes",
		Args:              arguments("a key's ID"),
		ValidArgsFunction: t.completeKey,
	}
	w.dryRunFlag(cmd)
	w.yesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := parseKey(args[0])
		if err != nil {
			return err
		}
		return t.run(cmd, w.purpose(toChange), func(ctx context.Context, s *session) error {
			const operation = "keys revoke"
			k, err := s.findKey(ctx, operation, id)
			if err != nil {
				return err
			}
			result := "revoked"
			if k.State(time.Now()) == catalog.KeyRevoked {
				result = "unchanged" // it was before
			} else if err := s.agree(ctx, &w, fmt.Sprintf("Revoke key %s of tenant %s? It cannot be undone.", id, k.Tenant)); err != nil {
				return err
			}
			text := fmt.Sprintf("%s key %s of %s", result, id, k.Tenant)
			if w.dryRun {
				text = "would be " + text
			} else if _, err := s.catalog.RevokeKey(ctx, id); err != nil {
				return err
			}
			return s.print(keyDone{done{operation, k.Tenant.String(), w.dryRun, result}, id, k.Label}, text)
		})
	}
	return cmd
}
