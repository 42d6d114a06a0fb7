package examples

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// deployed returns the blocks of docs/deployment.md in a language.
func deployed(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "deployment.md"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, match := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		found = append(found, match[1])
	}
	if len(found) == 0 {
		t.Fatalf("docs/deployment.md has no block of %s", language)
	}
	return found
}

func TestSystemdTakesTheUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze, which checks units, is not installed")
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "notes")
	write(t, program, "")
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	units := deployed(t, "ini")
	for i, name := range []string{"notes.service", "notes-backup.service", "notes-backup.timer"} {
		file := filepath.Join(folder, name)
		write(t, file, strings.ReplaceAll(units[i], "/usr/local/bin/notes", program))
		out, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", "--man=no", file).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte(name)) {
			t.Errorf("systemd-analyze verify %s: %v\n%s", name, err, out)
		}
	}
}

// The unit of the backups may write where they go, though it is like the service's, for which all else is read-only.
func TestTheUnitOfTheBackupsMayWriteThem(t *testing.T) {
	units := deployed(t, "ini")
	if !strings.Contains(units[0], "\nProtectSystem=strict\n") {
		t.Fatal("the service may write everywhere: what is this test for?")
	}
	to := regexp.MustCompile(`--backups (\S+)`).FindStringSubmatch(units[1])
	if to == nil || !strings.Contains(units[1], "\nReadWritePaths="+to[1]+"\n") {
		t.Errorf("the unit that backs up to %v may not write there:\n%s", to, units[1])
	}
}

// manifest is what the document says of the manifest.
type manifest struct {
	Kind string
	Spec struct {
		AccessModes []string `yaml:"accessModes"`
		Replicas    int
		Strategy    struct{ Type string }
		Template    struct {
			Spec struct {
				SecurityContext struct {
					RunAsNonRoot bool `yaml:"runAsNonRoot"`
					RunAsUser    int  `yaml:"runAsUser"`
				} `yaml:"securityContext"`
				Containers []struct {
					SecurityContext struct {
						ReadOnlyRootFilesystem bool `yaml:"readOnlyRootFilesystem"`
					} `yaml:"securityContext"`
				}
			}
		}
	}
}

func TestTheManifestHasOneWriterAVolume(t *testing.T) {
	byKind := map[string]manifest{}
	for decoder := yaml.NewDecoder(strings.NewReader(deployed(t, "yaml")[0])); ; {
		var m manifest
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		byKind[m.Kind] = m
	}
	if modes := byKind["PersistentVolumeClaim"].Spec.AccessModes; len(modes) != 1 || modes[0] != "ReadWriteOncePod" {
		t.Errorf("the volume's access modes are %v", modes)
	}
	deployment := byKind["Deployment"].Spec
	if deployment.Replicas != 1 || deployment.Strategy.Type != "Recreate" {
		t.Errorf("%d replicas, strategy %s", deployment.Replicas, deployment.Strategy.Type)
	}
	pod := deployment.Template.Spec
	if len(pod.Containers) != 1 || !pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem || !pod.SecurityContext.RunAsNonRoot {
		t.Errorf("the pod is %+v", pod)
	}
	if pod.SecurityContext.RunAsUser != 65532 {
		t.Errorf("the user is %d, another than the image's", pod.SecurityContext.RunAsUser)
	}
}

// The image is what TestABinaryWorksInARootThatHoldsNothingElse runs: a program, a folder, and no more.
func TestTheImageHoldsTheProgramAndItsDataOnly(t *testing.T) {
	var copied []string
	for line := range strings.Lines(deployed(t, "dockerfile")[0]) {
		switch words := strings.Fields(line); words[0] {
		case "FROM":
			if words[1] != "scratch" {
				t.Errorf("it is made from %s", words[1])
			}
		case "COPY":
			copied = append(copied, words[len(words)-1])
		case "RUN", "ADD":
			t.Errorf("there is nothing to run in it: %s", line)
		case "USER", "ENV", "VOLUME", "ENTRYPOINT", "CMD":
		default:
			t.Errorf("unknown: %s", line)
		}
	}
	if strings.Join(copied, " ") != "/notes /data" {
		t.Errorf("it holds %v", copied)
	}
}
