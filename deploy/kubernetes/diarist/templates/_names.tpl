{{- define "diarist.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- end }}

{{- define "diarist.labels" -}}
app.kubernetes.io/name: diarist
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Pods of one kind: a dict of `release` and `component`. */ -}}
{{- define "diarist.pods" -}}
app.kubernetes.io/instance: {{ .release }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "diarist.image" -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default .appVersion }}{{ end }}
{{- end }}

{{- /* Names of priority classes are the whole cluster's. */ -}}
{{- define "diarist.priority" -}}{{ .release.Namespace }}-{{ .name }}-{{ .kind }}{{- end }}

{{- define "diarist.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "diarist.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "diarist.secrets" -}}
{{- range .Values.existingSecrets }}
- secretRef: {name: {{ . }}}
{{- end }}
{{- if .Values.externalSecret.enabled }}
- secretRef: {name: {{ include "diarist.name" . }}-external}
{{- end }}
{{- if .Values.devServices.enabled }}
- secretRef: {name: {{ include "diarist.name" . }}-dev}
{{- end }}
{{- end }}
