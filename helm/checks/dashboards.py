"""Writes the dashboards, which are rows of panels with a question each. The JSON is Grafana's; this is what a person changes."""

import json

SERVICES = '{service=~"$service"}'


def in_its_namespace(expression):
    """Several installations may be read by one Prometheus: what a panel asks for is the chosen one's. Without such a label the choice is empty and fits."""
    return expression.replace("{", '{namespace=~"$namespace", ')


def panel(title, *targets, unit="short", kind="timeseries", says=""):
    return {"title": title, "kind": kind, "unit": unit, "says": says, "targets": targets}


DASHBOARDS = {
    "services": ("Tadamon: services", [
        panel("Processes that answer", ("count by (service) (tadamon_build_info" + SERVICES + ")", "{{service}}")),
        panel("Processes that are ready", ("sum by (service) (tadamon_ready" + SERVICES + ")", "{{service}}"), says="Ready: the own database answers."),
        panel("Requests a second (HTTP)", ("sum by (service) (rate(http_server_request_duration_seconds_count" + SERVICES + "[5m]))", "{{service}}"), unit="reqps"),
        panel("Requests that end with an error of ours", (
            'sum by (service) (rate(http_server_request_duration_seconds_count{service=~"$service", http_response_status_code=~"5.."}[5m]))'
            " / sum by (service) (rate(http_server_request_duration_seconds_count" + SERVICES + "[5m]))", "{{service}}"), unit="percentunit"),
        panel("Pages: half, 95 and 99 in a hundred within",
              *[(f"histogram_quantile({q}, sum by (service, le) (rate(http_server_request_duration_seconds_bucket" + SERVICES + "[5m])))", f"{q} {{{{service}}}}") for q in (0.5, 0.95, 0.99)],
              unit="s"),
        panel("Calls a second (gRPC)", ("sum by (service) (rate(rpc_server_call_duration_seconds_count" + SERVICES + "[5m]))", "{{service}}"), unit="reqps"),
        panel("Calls by outcome, without Ok", (
            'sum by (service, rpc_status_code) (rate(rpc_server_call_duration_seconds_count{service=~"$service", rpc_status_code!="Ok"}[5m]))', "{{service}} {{rpc_status_code}}"), unit="reqps"),
        panel("Slowest methods, 95 in a hundred within", (
            "topk(10, histogram_quantile(0.95, sum by (service, rpc_method, le) (rate(rpc_server_call_duration_seconds_bucket" + SERVICES + "[5m]))))", "{{rpc_method}}"), unit="s"),
        panel("Connections to Postgres in use", (
            'sum by (service) (db_client_connection_count{service=~"$service", state="used"}) / sum by (service) (db_client_connection_max' + SERVICES + ")", "{{service}}"), unit="percentunit"),
        panel("Waiting for a connection, 95 in a hundred within; nobody came free", (
            "histogram_quantile(0.95, sum by (service, le) (rate(db_client_connection_wait_time_seconds_bucket" + SERVICES + "[5m])))", "{{service}}"), (
            "sum by (service) (rate(db_client_connection_timeouts_total" + SERVICES + "[5m]))", "{{service}} given up a second"), unit="s"),
        panel("Statements and commits, 95 in a hundred within", (
            "histogram_quantile(0.95, sum by (service, db_operation_name, le) (rate(db_client_operation_duration_seconds_bucket" + SERVICES + "[5m])))", "{{service}} {{db_operation_name}}"), unit="s"),
        panel("Calls to other services, 95 in a hundred within", (
            "topk(10, histogram_quantile(0.95, sum by (service, rpc_method, le) (rate(rpc_client_call_duration_seconds_bucket" + SERVICES + "[5m]))))", "{{service}}: {{rpc_method}}"), unit="s",
            says="As whoever calls sees them; what the called service measures lacks the way and the waiting."),
        panel("Requests that are being answered (HTTP)", ("sum by (service) (http_server_active_requests" + SERVICES + ")", "{{service}}")),
        panel("Versions", ("count by (service, version) (tadamon_build_info" + SERVICES + ")", "{{service}} {{version}}"), kind="table"),
    ]),
    "events": ("Tadamon: events and work", [
        panel("Age of the oldest event not published", ("max by (service) (outbox_oldest_age_seconds" + SERVICES + ")", "{{service}}"), unit="s", says="Above 30 s somebody is woken."),
        panel("Events that wait to be published", ("max by (service) (outbox_pending_events" + SERVICES + ")", "{{service}}")),
        panel("Events published a second", ("sum by (service) (rate(outbox_published_events_total" + SERVICES + "[5m]))", "{{service}}")),
        panel("Events behind, by subscriber", ("max by (service, subscriber) (subscriber_lag_events" + SERVICES + ")", "{{subscriber}}")),
        panel("Age of the oldest event not applied, by subscriber", ("max by (service, subscriber) (subscriber_oldest_age_seconds" + SERVICES + ")", "{{subscriber}}"), unit="s"),
        panel("Events applied a second", ("sum by (subscriber) (rate(subscriber_applied_events_total" + SERVICES + "[5m]))", "{{subscriber}}")),
        panel("Events that came again", ("sum by (subscriber) (rate(subscriber_repeated_events_total" + SERVICES + "[5m]))", "{{subscriber}}"), says="Dropped; many of them follow a restart of the broker."),
        panel("Attempts that failed for the moment", ("sum by (subscriber) (rate(subscriber_failures_total" + SERVICES + "[5m]))", "{{subscriber}}")),
        panel("Parked events", ("max by (service, subscriber, held) (dead_letters" + SERVICES + ")", "{{subscriber}} held: {{held}}")),
        panel("Streams found changed; events put back", ("sum by (service) (outbox_epoch_changes_total" + SERVICES + ")", "{{service}} changed"), ("sum by (service) (outbox_missing_events_total" + SERVICES + ")", "{{service}} put back")),
        panel("Age of the oldest due job", ("max by (service, queue) (jobs_oldest_due_age_seconds" + SERVICES + ")", "{{queue}}"), unit="s"),
        panel("Jobs by state", ("max by (queue, state) (jobs" + SERVICES + ")", "{{queue}} {{state}}")),
        panel("Runs by outcome", ("sum by (queue, outcome) (rate(job_run_duration_seconds_count" + SERVICES + "[5m]))", "{{queue}} {{outcome}}")),
        panel("To the broker, 95 in a hundred within", (
            "histogram_quantile(0.95, sum by (messaging_system, messaging_destination_name, le) (rate(messaging_client_operation_duration_seconds_bucket" + SERVICES + "[5m])))",
            "{{messaging_system}} {{messaging_destination_name}}"), unit="s", says="From the publish to the broker's yes."),
        panel("Work of events and jobs, 95 in a hundred within", (
            "histogram_quantile(0.95, sum by (messaging_system, messaging_destination_name, le) (rate(messaging_process_duration_seconds_bucket" + SERVICES + "[5m])))",
            "{{messaging_system}} {{messaging_destination_name}}"), unit="s"),
    ]),
    "trust": ("Tadamon: people and money", [
        panel("Sign-ins refused a second, by reason", ('sum by (reason) (rate(sign_in_refusals_total{service="identity"}[5m]))', "{{reason}}")),
        panel("Calls without a right", (
            'sum by (service, rpc_status_code) (rate(rpc_server_call_duration_seconds_count{rpc_status_code=~"PermissionDenied|Unauthenticated"}[5m]))', "{{service}} {{rpc_status_code}}")),
        panel("Partners' requests by answer", (
            'sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{service="partnerships"}[5m]))', "{{http_response_status_code}}")),
        panel("Requests sent", ('sum(rate(rpc_server_call_duration_seconds_count{service="benefits", rpc_method=~".*/SubmitApplication", rpc_status_code="Ok"}[1h])) * 3600', "an hour")),
        panel("Papers taken in and refused", ('sum by (rpc_status_code) (rate(rpc_server_call_duration_seconds_count{service="documents", rpc_method=~".*/UploadDocument"}[1h])) * 3600', "{{rpc_status_code}} an hour")),
        panel("How long the oldest paper waits for the scanner", ('max(papers_not_scanned_oldest_age_seconds{service="documents"})', "oldest"), unit="s"),
        panel("Ceilings that are not the sum of their lines", ('max(ceilings_differing{service="benefits"})', "ceilings"), kind="stat"),
    ]),
}


def texts():
    return {f"{name}.json": json.dumps(dashboard(name, *what), indent=1, ensure_ascii=False) + "\n" for name, what in DASHBOARDS.items()}


def dashboard(name, title, panels):
    source = {"type": "prometheus", "uid": "${datasource}"}
    variables = [{"name": "datasource", "label": "Source", "type": "datasource", "query": "prometheus"}]
    variables.append({
        "name": "namespace", "label": "Installation (namespace)", "type": "query", "datasource": source, "multi": False, "includeAll": False, "refresh": 2,
        "query": "label_values(tadamon_build_info, namespace)",
    })
    if name != "trust":
        variables.append({
            "name": "service", "label": "Service", "type": "query", "datasource": source, "multi": True, "includeAll": True, "refresh": 2,
            "query": 'label_values(tadamon_build_info{namespace=~"$namespace"}, service)', "current": {"text": "All", "value": "$__all"},
        })
    return {
        "uid": f"tadamon-{name}", "title": title, "tags": ["tadamon"], "timezone": "browser", "schemaVersion": 39, "version": 1, "editable": False,
        "refresh": "1m", "time": {"from": "now-6h", "to": "now"}, "templating": {"list": variables},
        "panels": [
            {
                "id": number + 1, "title": what["title"], "description": what["says"], "type": what["kind"], "datasource": source,
                "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
                "fieldConfig": {"defaults": {"unit": what["unit"], "min": 0}, "overrides": []},
                "targets": [
                    {"refId": chr(65 + at), "expr": in_its_namespace(expression), "legendFormat": legend, "datasource": source, "instant": what["kind"] != "timeseries"}
                    for at, (expression, legend) in enumerate(what["targets"])
                ],
            }
            for number, what in enumerate(panels)
        ],
    }
