package cluster

import (
	"errors"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// writeKubeconfig writes a kubeconfig that needs no other file, for the client whose certificate has the given name.
func writeKubeconfig(l layout, path, name, server string) error {
	authority, errAuthority := os.ReadFile(l.cert(authorityName))
	certificate, errCertificate := os.ReadFile(l.cert(name))
	key, errKey := os.ReadFile(l.key(name))
	if err := errors.Join(errAuthority, errCertificate, errKey); err != nil {
		return err
	}
	const clusterName = "greenlight"
	config := api.NewConfig()
	config.Clusters[clusterName] = &api.Cluster{Server: server, CertificateAuthorityData: authority}
	config.AuthInfos[name] = &api.AuthInfo{ClientCertificateData: certificate, ClientKeyData: key}
	config.Contexts[clusterName] = &api.Context{Cluster: clusterName, AuthInfo: name}
	config.CurrentContext = clusterName
	return clientcmd.WriteToFile(*config, path)
}
