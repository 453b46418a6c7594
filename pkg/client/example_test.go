package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"nethelper/pkg/attr"
	"nethelper/pkg/client"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// A tenantService gives each tenant a bridge with an address. It runs as an
// ordinary user; the helper changes the network for it, as far as the policy
// allows.
type tenantService struct{ helper *client.Client }

// addTenant makes the tenant's bridge, and is content if all is there already.
func (s *tenantService) addTenant(ctx context.Context, bridge attr.IfName, gateway netip.Prefix) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	ok := attr.OK
	_, err := client.Call(ctx, s.helper, ops.LinkAdd, ops.LinkAddParams{
		Name: bridge, Kind: attr.Bridge, IfPresent: &ok,
	})
	if err != nil {
		return fmt.Errorf("bridge of the tenant: %w", err)
	}
	_, err = client.Call(ctx, s.helper, ops.AddrAdd, ops.AddrAddParams{
		Dev: bridge, Address: attr.IfAddr{Prefix: gateway}, IfPresent: &ok,
	})
	return err
}

func (s *tenantService) printAddresses(ctx context.Context, bridge attr.IfName) error {
	for a, err := range client.List(ctx, s.helper, ops.AddrList, ops.AddrListParams{Dev: &bridge}) {
		if err != nil {
			return err
		}
		fmt.Println(bridge, a.Address)
	}
	return nil
}

func Example() {
	// A service needs no more than client.Config{}: that is the installed helper.
	s := &tenantService{helper: client.New(client.ExampleConfig)}
	defer s.helper.Close()
	ctx := context.Background()

	for _, gateway := range []string{"10.42.7.1/24", "10.42.7.1/24", "192.0.2.1/24"} {
		err := s.addTenant(ctx, "br-tenant7", netip.MustParsePrefix(gateway))
		var refused *protocol.Error
		switch {
		case err == nil:
			fmt.Println(gateway, "is there")
		case errors.As(err, &refused) && refused.Code == protocol.Denied:
			fmt.Println(gateway, "is denied:", refused.Attr)
		default:
			fmt.Println(err)
		}
	}
	if err := s.printAddresses(ctx, "br-tenant7"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 10.42.7.1/24 is there
	// 10.42.7.1/24 is there
	// 192.0.2.1/24 is denied: address
	// br-tenant7 10.42.7.1/24
}
