package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// call sends a request of a tenant to the service, requires the status, and returns
// the answer. With a body the method is POST.
func (d *demo) call(ctx context.Context, tenant, path, body string, status int) ([]byte, error) {
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(ctx, method, d.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if tenant != "" {
		request.Header.Set("X-Tenant", tenant)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	if response.StatusCode != status {
		return nil, fmt.Errorf("%s %s of tenant %q: status %d, want %d: %s", method, path, tenant, response.StatusCode, status, answer)
	}
	return bytes.TrimSpace(answer), nil
}

type module struct{ ID, Name string }

// show prints a request and its answer.
func (d *demo) show(tenant, request, answer string) {
	d.say("  %-24s %-36s -> %s", "X-Tenant: "+tenant, request, answer)
}

// tenants has each tenant write, and see its own rows only.
func (d *demo) tenants(ctx context.Context) error {
	d.title("Two tenants write, and each sees its own rows only")
	for _, write := range []struct{ tenant, slug, name string }{
		{"acme", "mail", "Mail of Acme"}, {"acme", "calendar", "Calendar of Acme"}, {"globex", "mail", "Mail of Globex"},
	} {
		form := url.Values{"slug": {write.slug}, "name": {write.name}}
		answer, err := d.call(ctx, write.tenant, "/modules", form.Encode(), http.StatusOK)
		if err != nil {
			return err
		}
		d.show(write.tenant, fmt.Sprintf("POST /modules %q", write.name), fmt.Sprintf("200 %s", answer))
	}
	for _, read := range []struct{ tenant, want string }{{"acme", "Calendar of Acme, Mail of Acme"}, {"globex", "Mail of Globex"}} {
		modules, err := d.modules(ctx, read.tenant)
		if err != nil {
			return err
		}
		var names []string
		for _, module := range modules {
			names = append(names, module.Name)
		}
		got := strings.Join(names, ", ")
		d.show(read.tenant, "GET /modules", "200 "+got)
		if got != read.want {
			return fmt.Errorf("%s sees %q, want %q", read.tenant, got, read.want)
		}
	}
	d.say("No table has a tenant_id and no query filters by one: the file is the tenant.")
	return nil
}

func (d *demo) modules(ctx context.Context, tenant string) (all []module, err error) {
	answer, err := d.call(ctx, tenant, "/modules", "", http.StatusOK)
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(answer, &all)
}

// strangers shows what requests get that name no tenant there is.
func (d *demo) strangers(ctx context.Context) error {
	d.title("No tenant, no database")
	for _, test := range []struct {
		tenant string
		status int
	}{{"initech", http.StatusNotFound}, {"", http.StatusBadRequest}, {"../acme", http.StatusNotFound}} {
		answer, err := d.call(ctx, test.tenant, "/modules", "", test.status)
		if err != nil {
			return err
		}
		var problem struct{ Detail string }
		if err := json.Unmarshal(answer, &problem); err != nil {
			return err
		}
		d.show(test.tenant, "GET /modules", fmt.Sprintf("%d %s", test.status, problem.Detail))
	}
	if _, err := os.Stat(filepath.Join(d.data, "tenants", "initech.db")); err == nil {
		return errors.New("asking for the unknown tenant initech made a file")
	}
	d.say("Asking for a tenant that does not exist makes none.")
	return nil
}

// summaries has each tenant write its summary to the global database.
func (d *demo) summaries(ctx context.Context) error {
	d.title("A question about all tenants reads the global database")
	for _, tenant := range []string{"acme", "globex"} {
		if _, err := d.call(ctx, tenant, "/summary", "now", http.StatusOK); err != nil {
			return err
		}
		d.show(tenant, "POST /summary", "200")
	}
	answer, err := d.call(ctx, "", "/stats", "", http.StatusOK)
	if err != nil {
		return err
	}
	var stats []struct {
		TenantID string
		Total    int
	}
	if err := json.Unmarshal(answer, &stats); err != nil {
		return err
	}
	got := fmt.Sprintf("%+v", stats)
	d.show("", "GET /stats", "200 "+got)
	if want := "[{TenantID:acme Total:2} {TenantID:globex Total:1}]"; got != want {
		return fmt.Errorf("the stats are %s, want %s", got, want)
	}
	d.say("Each module ran once. Each tenant summed up its own runs, and the rows of both come\nfrom the one global file.")
	return nil
}
