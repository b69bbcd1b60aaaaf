{{/* Parts of every pod: who it runs as, what it may read, which secrets it is given. */}}

{{- define "tadamon.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.pods.user | int }}
runAsGroup: {{ .Values.pods.user | int }}
fsGroup: {{ .Values.pods.user | int }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "tadamon.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* What every pod has at its top. */}}
{{- define "tadamon.podCommon" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- include "tadamon.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.pods.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pods.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The key of the bucket with the papers. */}}
{{- define "tadamon.bucketKey" }}
- name: TADAMON_STORAGE__S3__ACCESS_KEY_ID
  valueFrom: {secretKeyRef: {name: {{ .Values.papers.s3.secret }}, key: access-key-id}}
- name: TADAMON_STORAGE__S3__SECRET_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ .Values.papers.s3.secret }}, key: secret-access-key}}
{{- end }}

{{/* Secrets as variables, for the roles that use them. Takes root, service, roles, migrating. */}}
{{- define "tadamon.env" -}}
{{- $v := .root.Values -}}
{{- $fact := index (include "tadamon.facts" .root | fromYaml) .service -}}
{{- $connections := (index $v.services .service).secrets.connections -}}
{{- if not .migrating }}
- name: TADAMON_COMMON__ROLES
  value: {{ .roles | toJson | quote }}
{{- end }}
{{- if $fact.database }}
{{- if eq $v.postgres.mode "cloudnativepg" }}
- name: TADAMON_COMMON__POSTGRES__URL
  valueFrom: {secretKeyRef: {name: {{ include "tadamon.cluster" . }}-app, key: uri}}
- {name: PGSSLMODE, value: verify-full}
- {name: PGSSLROOTCERT, value: /etc/tadamon/tls/postgres.crt}
{{- else }}
- name: TADAMON_COMMON__POSTGRES__URL
  valueFrom: {secretKeyRef: {name: {{ $connections }}, key: postgres-url}}
- {name: PGSSLMODE, value: {{ $v.postgres.sslMode }}}
{{- if $v.authoritiesSecret }}
- {name: PGSSLROOTCERT, value: /etc/tadamon/tls/authorities.crt}
{{- end }}
{{- end }}
{{- end }}
{{- $bucket := and $fact.uses.papers (eq $v.papers.kind "s3") }}
{{- if and .migrating $bucket }}
# A role that is given no key of the bucket: who migrates goes to the database alone.
- {name: TADAMON_COMMON__ROLES, value: '["relay"]'}
{{- end }}
{{- if and $bucket (not .migrating) (include "tadamon.plays" (dict "roles" .roles "of" $fact.uses.papers)) }}
{{- include "tadamon.bucketKey" .root }}
{{- end }}
{{- if .migrating }}
- {name: PGOPTIONS, value: "-c lock_timeout={{ $v.migrations.lockTimeout }}"}
{{- else }}
{{- if include "tadamon.plays" (dict "roles" .roles "of" ($fact.uses.nats | default list)) }}
- name: TADAMON_COMMON__NATS__PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $connections }}, key: nats-password}}
{{- end }}
{{- if include "tadamon.plays" (dict "roles" .roles "of" ($fact.uses.amqp | default list)) }}
- name: TADAMON_COMMON__AMQP__URL
  valueFrom: {secretKeyRef: {name: {{ $connections }}, key: amqp-url}}
{{- end }}
{{- if include "tadamon.plays" (dict "roles" .roles "of" ($fact.uses.redis | default list)) }}
- name: TADAMON_REDIS__URL
  valueFrom: {secretKeyRef: {name: {{ $connections }}, key: redis-url}}
{{- end }}
{{- if and $v.mail.login (include "tadamon.plays" (dict "roles" .roles "of" ($fact.uses.smtp | default list))) }}
- name: TADAMON_SMTP__USERNAME
  valueFrom: {secretKeyRef: {name: {{ $connections }}, key: smtp-username}}
- name: TADAMON_SMTP__PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $connections }}, key: smtp-password}}
{{- end }}
{{- end }}
{{- if $v.authoritiesSecret }}
- {name: SSL_CERT_FILE, value: /etc/tadamon/tls/authorities.crt}
{{- end }}
{{- end -}}

{{/* Where a container finds its files. Takes root, service, migrating, and looking: papers are read and never written. */}}
{{- define "tadamon.mounts" -}}
{{- $fact := index (include "tadamon.facts" .root | fromYaml) .service -}}
- {name: settings, mountPath: /etc/tadamon/settings, readOnly: true}
{{- /* Whoever reads settings reads what they name, who migrates too. */}}
{{- if (index .root.Values.services .service).files }}
- {name: files, mountPath: /etc/tadamon/files, readOnly: true}
{{- end }}
- {name: {{ ternary "no-keys" "keys" (eq .migrating true) }}, mountPath: /etc/tadamon/keys, readOnly: true}
{{- if and (ne .root.Values.mutualTls.mode "none") (not (eq .migrating true)) }}
- {name: certificate, mountPath: /etc/tadamon/certificate, readOnly: true}
{{- end }}
{{- if or .root.Values.authoritiesSecret (and $fact.database (eq .root.Values.postgres.mode "cloudnativepg")) }}
- {name: tls, mountPath: /etc/tadamon/tls, readOnly: true}
{{- end }}
{{- if and $fact.uses.papers (eq .root.Values.papers.kind "disk") }}
- {name: {{ ternary "no-papers" "papers" (eq .migrating true) }}, mountPath: /var/lib/tadamon/documents{{ if .looking }}, readOnly: true{{ end }}}
{{- end }}
{{- end -}}

{{/* The volumes behind them. Takes root, service, roles, migrating (no-keys and no-papers), serving (keys and papers), settings (a ConfigMap's name). */}}
{{- define "tadamon.volumes" -}}
{{- $v := .root.Values -}}
{{- $full := include "tadamon.fullname" .root -}}
{{- $fact := index (include "tadamon.facts" .root | fromYaml) .service -}}
- name: settings
  configMap: {name: {{ .settings }}}
{{- with (index $v.services .service).files }}
- name: files
  configMap: {name: {{ . }}}
{{- end }}
{{- if .serving }}
- name: keys
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ (index $v.services .service).secrets.keys }}
          items: {{- range $fact.keys }}
            - {key: {{ . }}, path: {{ . }}}
{{- end }}
      - secret:
          name: {{ $v.trustSecret }}
          items:
            - {key: trust.json, path: trust.json}
{{- if ne $v.mutualTls.mode "none" }}
# As a folder: what is mounted file by file is never renewed.
- name: certificate
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ $full }}-{{ .service }}-mutual-tls
          items:
            - {key: tls.crt, path: tls.crt}
            - {key: tls.key, path: tls.key}
{{- if $v.mutualTls.authoritiesSecret }}
      - secret:
          name: {{ $v.mutualTls.authoritiesSecret }}
          items:
            - {key: ca.crt, path: ca.crt}
{{- else }}
            - {key: ca.crt, path: ca.crt}
{{- end }}
{{- end }}
{{- end }}
{{- if .migrating }}
- name: no-keys
  emptyDir: {sizeLimit: 1Mi}
{{- end }}
{{- $cluster := and $fact.database (eq $v.postgres.mode "cloudnativepg") }}
{{- if or $v.authoritiesSecret $cluster }}
- name: tls
  projected:
    defaultMode: 0440
    sources:
{{- if $v.authoritiesSecret }}
      - secret:
          name: {{ $v.authoritiesSecret }}
          items:
            - {key: ca.crt, path: authorities.crt}
{{- end }}
{{- if $cluster }}
      - secret:
          name: {{ include "tadamon.cluster" . }}-ca
          items:
            - {key: ca.crt, path: postgres.crt}
{{- end }}
{{- end }}
{{- if and $fact.uses.papers (eq $v.papers.kind "disk") }}
{{- if .migrating }}
- name: no-papers
  emptyDir: {sizeLimit: 1Mi}
{{- end }}
{{- if .serving }}
- name: papers
{{- if include "tadamon.plays" (dict "roles" .roles "of" $fact.uses.papers) }}
  persistentVolumeClaim: {claimName: {{ $v.papers.existingClaim | default (printf "%s-papers" $full) }}}
{{- else }}
  emptyDir: {sizeLimit: 1Mi}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The container that migrates; the same as an init container, in a Job and each month. Takes root and service. */}}
{{- define "tadamon.migrate" -}}
name: migrate
image: {{ include "tadamon.image" . }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [migrate, --config, /etc/tadamon/settings/settings.toml]
env: {{- include "tadamon.env" (dict "root" .root "service" .service "roles" list "migrating" true) | nindent 2 }}
resources:
  requests: {cpu: 50m, memory: 64Mi}
  limits: {cpu: "1", memory: 128Mi}
securityContext: {{- include "tadamon.containerSecurity" .root | nindent 2 }}
volumeMounts: {{- include "tadamon.mounts" (dict "root" .root "service" .service "migrating" true) | nindent 2 }}
{{- end -}}
