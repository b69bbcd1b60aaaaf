{{/* What the cluster says is there already. Under `helm template`, which asks no cluster, nothing is. helm/checks puts another file in its place. */}}

{{/* Names of the namespace's secrets, as JSON. In an upgrade there is one at least: Helm's own. */}}
{{- define "tadamon.secretsThere" -}}
{{- $names := list -}}
{{- range (lookup "v1" "Secret" .Release.Namespace "").items -}}{{- $names = append $names .metadata.name -}}{{- end -}}
{{- $names | toJson -}}
{{- end -}}

{{/* Names of the namespace's Clusters of CloudNativePG, as JSON. */}}
{{- define "tadamon.clustersThere" -}}
{{- $names := list -}}
{{- range (lookup "postgresql.cnpg.io/v1" "Cluster" .Release.Namespace "").items -}}{{- $names = append $names .metadata.name -}}{{- end -}}
{{- $names | toJson -}}
{{- end -}}
