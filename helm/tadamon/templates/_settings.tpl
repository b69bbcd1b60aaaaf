{{/* The settings file of a service: what the chart decides, then what the operator adds. Secrets come as variables, see _pod.tpl. */}}

{{/* A map as TOML, one dotted key a line. Takes prefix and map. */}}
{{- define "tadamon.toml" -}}
{{- range $name, $value := .map -}}
{{- $name = ternary $name ($name | quote) (regexMatch "^[A-Za-z0-9_-]+$" $name) -}}
{{- $key := ternary $name (printf "%s.%s" $.prefix $name) (empty $.prefix) -}}
{{- if kindIs "map" $value -}}
{{- include "tadamon.toml" (dict "prefix" $key "map" $value) -}}
{{- else if not (kindIs "invalid" $value) -}}
{{ $key }} = {{ $value | toRawJson }}
{{ end -}}
{{- end -}}
{{- end -}}

{{/* What the chart decides, as YAML. Takes root and service. */}}
{{- define "tadamon.decided" -}}
{{- $v := .root.Values -}}
{{- $full := include "tadamon.fullname" .root -}}
{{- $fact := index (include "tadamon.facts" .root | fromYaml) .service -}}
{{- $service := index $v.services .service -}}
common:
  admin: {listen: {{ printf "%s:9100" $v.pods.listen | quote }}}
  telemetry: {log_filter: {{ $v.telemetry.logFilter | quote }}, otlp_endpoint: {{ $v.telemetry.otlpEndpoint | quote }}}
  keys: {directory: /etc/tadamon/keys}
{{- if ne $v.mutualTls.mode "none" }}
  tls:
    certificate: /etc/tadamon/certificate/tls.crt
    key: /etc/tadamon/certificate/tls.key
    authorities: /etc/tadamon/certificate/ca.crt
    names: {{ include "tadamon.certified" (dict "root" .root "service" "{service}") | quote }}
{{- end }}
  demonstration: {enabled: {{ $v.demonstration }}}
{{- if $fact.database }}
  grpc: {listen: {{ printf "%s:9000" $v.pods.listen | quote }}}
  postgres: {max_connections: {{ $service.maxConnections | int }}}
  nats: {url: {{ $v.nats.url | quote }}, user: {{ .service }}, prefix: {{ $v.nats.prefix | quote }}, replicas: {{ $v.nats.replicas | int }}}
  amqp: {prefix: {{ $v.rabbitmq.prefix | quote }}}
{{- end }}
{{- with $fact.calls }}
peers:
{{- range $peer, $_ := . }}
  {{ $peer }}: {url: {{ printf "%s://%s-%s:9000" (ternary "http" "https" (eq $v.mutualTls.mode "none")) $full $peer | quote }}}
{{- end }}
{{- end }}
{{- if eq .service "identity" }}
http: {listen: {{ printf "%s:8080" $v.pods.listen | quote }}}
installation: {code: {{ $v.foundation | quote }}}
portal: {url: {{ $v.addresses.portal | quote }}}
account: {professional_domains: {{ $v.professionalDomains | toJson }}}
oauth: {token_url: {{ $v.addresses.tokens | quote }}, trusted_proxies: {{ $v.trustedProxies | int }}}
{{- else if eq .service "benefits" }}
privacy: {cndp_reference: {{ $v.privacy.cndpReference | quote }}}
{{- else if eq .service "documents" }}
{{- if eq $v.papers.kind "s3" }}
{{- $s3 := $v.papers.s3 }}
storage:
  kind: s3
  s3: {endpoint: {{ $s3.endpoint | quote }}, region: {{ $s3.region | quote }}, bucket: {{ $s3.bucket | quote }}, prefix: {{ $s3.prefix | quote }}, path_style: {{ $s3.pathStyle }}}
{{- else }}
storage: {directory: /var/lib/tadamon/documents}
{{- end }}
scanner: {clamd_address: {{ $v.scanner.address | quote }}}
review: {require_scan: {{ $v.scanner.required }}}
{{- else if eq .service "partnerships" }}
gateway: {listen: {{ printf "%s:8080" $v.pods.listen | quote }}}
{{- else if eq .service "notifications" }}
smtp: {host: {{ $v.mail.host | quote }}, port: {{ $v.mail.port | int }}, encryption: {{ $v.mail.encryption }}}
mail: {from: {{ $v.mail.from | quote }}, portal_url: {{ $v.addresses.portal | quote }}}
{{- else if eq .service "portal" }}
http: {listen: {{ printf "%s:8080" $v.pods.listen | quote }}, public_url: {{ $v.addresses.portal | quote }}, trusted_proxies: {{ $v.trustedProxies | int }}}
account: {professional_mail_domains: {{ $v.professionalDomains | toJson }}}
{{- end }}
{{- end -}}

{{/* The whole file. */}}
{{- define "tadamon.settings" -}}
{{- $decided := include "tadamon.decided" . | fromYaml -}}
{{- $own := (index .root.Values.services .service).settings -}}
# Written by the chart. Keys that stand here twice are refused before they get here.
{{ include "tadamon.toml" (dict "prefix" "" "map" (mergeOverwrite $decided $own)) }}
{{- end -}}
