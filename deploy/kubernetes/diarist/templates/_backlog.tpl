{{- /* Seconds that wait or are being worked on; every process tells the same of the ledger, so that the largest is taken. */ -}}
{{- define "diarist.backlog" -}}
sum(max by (queue, priority) (diarist_queue_backlog_seconds{queue=~"{{ join "|" .queues }}"}))
{{- end }}
