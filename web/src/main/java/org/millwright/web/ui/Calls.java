package org.millwright.web.ui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;

/** How an application asks a deployment for a prediction of a recorded row. */
public record Calls(String curl, String python, String java) {
    static Calls of(String server, String deployment, Map<String, @Nullable Object> row) {
        ObjectNode body = Json.object();
        var shown = new LinkedHashMap<String, @Nullable Object>();
        row.forEach((name, value) -> shown.put(name, Text.brief(value)));
        body.putArray("dataframe_records").add(Json.tree(shown));
        String url = server + "/deployments/" + deployment + "/invocations";
        String text = body.toPrettyString();
        return new Calls(
                "curl " + url + " \\\n  -H 'Content-Type: application/json' \\\n  -d '" + text.replace("'", "'\\''")
                        + "'",
                "import json, urllib.request\n\nrequest = urllib.request.Request(\n    \"" + url
                        + "\",\n    data=json.dumps("
                        + text.replace(": null", ": None")
                                .replace(": true", ": True")
                                .replace(": false", ": False")
                        + ").encode(),\n    headers={\"Content-Type\": \"application/json\"})\nprint(json.load(urllib.request.urlopen(request))[\"predictions\"])",
                "var request = HttpRequest.newBuilder(URI.create(\"" + url
                        + "\"))\n    .header(\"Content-Type\", \"application/json\")\n    .POST(BodyPublishers.ofString(\"\"\"\n"
                        + text.indent(8)
                        + "        \"\"\"))\n    .build();\nHttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();");
    }
}
