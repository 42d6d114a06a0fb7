//go:build unix

package tenantcli_test

import (
	"context"
	"os"
	"syscall"
	"testing"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/tenantcli"
)

func TestASignalToStopEndsTheCommandsContext(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			drained := false
			root := &cobra.Command{Use: "app", RunE: func(cmd *cobra.Command, _ []string) error {
				if err := syscall.Kill(os.Getpid(), signal); err != nil {
					return err
				}
				<-cmd.Context().Done()
				drained = true
				return nil
			}}
			root.SetArgs([]string{})
			if code := tenantcli.Execute(context.Background(), root); code != tenantcli.ExitOK || !drained {
				t.Errorf("exit code %d, drained: %t", code, drained)
			}
		})
	}
}
