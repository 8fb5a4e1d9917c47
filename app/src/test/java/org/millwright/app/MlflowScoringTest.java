package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;

/** The same requests to {@code mlflow models serve} and to this server, with the same model. */
class MlflowScoringTest {
    private static final Path DIFFERENCES = Path.of("../docs/how-to/mlflow-differences.md");

    private static final String FIRST = """
            {"distance":1400.5,"wind":10.25,"rain":0.5,"hour":8,"seats":120,"temperature":-1.5,"holiday":true,"carrier":"UA"}""";
    private static final String SECOND = """
            {"distance":200.0,"wind":3.5,"rain":0.25,"hour":17,"seats":150,"temperature":20.5,"holiday":false,"carrier":"B6"}""";

    /** Requests that both answer alike: what it is, status, content type, body with ⏎ for a line's end. */
    private static final String ALIKE = """
            split                        | 200 | application/json | {"dataframe_split":{"columns":[@columns],"data":[[@first],[@second]]}}
            split with an index          | 200 | application/json | {"dataframe_split":{"index":[7,9],"columns":[@columns],"data":[[@first],[@second]]}}
            split, columns reordered     | 200 | application/json | {"dataframe_split":{"columns":[@reversed],"data":[[@tsrif]]}}
            records                      | 200 | application/json | {"dataframe_records":[{@first},{@second}]}
            records, charset             | 200 | application/json; charset=UTF-8 | {"dataframe_records":[{@first},{@second}]}
            records, an extra column     | 200 | application/json | {"dataframe_records":[{@first,"note":"n"}]}
            records, missing values      | 200 | application/json | {"dataframe_records":[{@first,wind=null,rain=null,carrier=null},{@second}]}
            records, NaN                 | 200 | application/json | {"dataframe_records":[{@first,wind=NaN},{@second}]}
            records, whole for real      | 200 | application/json | {"dataframe_records":[{@first,distance=1400,temperature=-2}]}
            records, 8.0 for whole       | 200 | application/json | {"dataframe_records":[{@first,hour=8.0,seats=120.0}]}
            records, a field beside      | 200 | application/json | {"dataframe_records":[{@first}],"client_request_id":"r1"}
            records, params empty        | 200 | application/json | {"dataframe_records":[{@first}],"params":{}}
            instances                    | 200 | application/json | {"instances":[{@first},{@second}]}
            instances, missing values    | 200 | application/json | {"instances":[{@first,wind=null,rain=null},{@second}]}
            inputs, columns              | 200 | application/json | {"inputs":{@both}}
            inputs, a row                | 200 | application/json | {"inputs":{@first}}
            inputs, rows                 | 200 | application/json | {"inputs":[{@first},{@second}]}
            CSV                          | 200 | text/csv | @header⏎@csv⏎
            CSV, charset, quotes, CRLF   | 200 | text/csv; charset=utf-8 | carrier,distance,wind,rain,hour,seats,temperature,holiday\\r⏎"UA",1400.5,10.25,0.5,8,120,-1.5,True\\r⏎
            CSV, an index and blank line | 200 | text/csv | ,@header⏎⏎0,@csv⏎⏎
            CSV, missing values          | 200 | text/csv | @header⏎1400.5,,NA,8,120,-1.5,true,⏎200,NaN,null,17,150,20.5,false,B6⏎
            CSV, spaces around numbers   | 200 | text/csv | @header⏎ 1400.5, 10.25,0.5,8,120,-1.5,true,UA⏎
            null for a whole number      | 400 | application/json | {"dataframe_records":[{@first,hour=null}]}
            text for a number            | 400 | application/json | {"dataframe_records":[{@first,wind="strong"}]}
            CSV, text for a number       | 400 | text/csv | @header⏎1400.5,strong,0.5,8,120,-1.5,true,UA⏎
            a row of another length      | 400 | application/json | {"dataframe_split":{"columns":[@columns],"data":[[1,2]]}}
            a column that was not sent   | 400 | application/json | {"dataframe_records":[{@second,"note":1}-wind]}
            split that is a list         | 400 | application/json | {"dataframe_split":[[1]]}
            records that are an object   | 400 | application/json | {"dataframe_records":{@first}}
            no form                      | 400 | application/json | {"rows":[{@first}]}
            two forms                    | 400 | application/json | {"dataframe_records":[{@first}],"instances":[{@first}]}
            a list                       | 400 | application/json | [{@first}]
            no JSON                      | 400 | application/json | {"dataframe_records":[{@first}
            another content type         | 415 | application/xml  | <rows/>
            another charset              | 415 | application/json; charset=latin1 | {"dataframe_records":[{@first}]}
            """;

    /** What differs and why is in the page: status there, status here, the page's words, content type, body. */
    private static final String DIFFERENT = """
            400 | 200 | an optional column that was not sent | application/json | {"dataframe_records":[{@first}-rain]}
            200 | 400 | `null` for a truth value | application/json | {"dataframe_records":[{@first,holiday=null}]}
            200 | 400 | 8.5 for a whole number | application/json | {"dataframe_records":[{@first,hour=8.5}]}
            200 | 400 | a whole number beyond its type | application/json | {"dataframe_records":[{@first,seats=5000000000}]}
            200 | 400 | a number as text | application/json | {"dataframe_records":[{@first,wind="10.25"}]}
            200 | 400 | a truth value as number | application/json | {"dataframe_records":[{@first,holiday=1}]}
            200 | 400 | infinity | application/json | {"dataframe_records":[{@first,wind=Infinity}]}
            200 | 400 | the same field twice | application/json | {"dataframe_records":[{@first,"wind":1}]}
            200 | 400 | params that nobody reads | application/json | {"dataframe_records":[{@first}],"params":{"temperature":0.5}}
            400 | 200 | rows as lists | application/json | {"instances":[[@first]]}
            400 | 200 | no rows | application/json | {"dataframe_split":{"columns":[@columns],"data":[]}}
            200 | 200 | NA in a column of texts | text/csv | @header⏎1400.5,10.25,0.5,8,120,-1.5,true,NA⏎
            415 | 200 | other parameters of a content type | application/json; format=pandas-split | {"dataframe_records":[{@first}]}
            500 | 200 | no content type | - | {"dataframe_records":[{@first}]}
            400 | 415 | Parquet bodies | application/vnd.apache.parquet | PAR1
            """;

    @TempDir
    static Path folder;

    private static MlflowServe mlflow;
    private static PullServer server;

    @BeforeAll
    static void serve() throws IOException {
        ScoringModel model = ScoringModel.in(folder);
        mlflow = new MlflowServe(model.python(), model.saved(), folder);
        server = new PullServer(folder, 1, model::bundle);
        server.release(1);
        mlflow.awaitReady();
        HttpResponse<String> first;
        do {
            first = post(server.url(), "application/json", "{\"instances\":[" + FIRST + "]}");
        } while (first.statusCode() == 404);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        mlflow.close();
        server.close();
    }

    @Test
    void sameRequestsGetTheSameAnswers() {
        var softly = new SoftAssertions();
        for (String[] cells : table(ALIKE, 4)) {
            HttpResponse<String> there = post(mlflow.url(), cells[2], body(cells[3]));
            HttpResponse<String> here = post(server.url(), cells[2], body(cells[3]));
            String said = cells[0] + "\n" + there.body() + "\n" + here.body();
            softly.assertThat(there.statusCode()).as(said).isEqualTo(Integer.parseInt(cells[1]));
            softly.assertThat(here.statusCode()).as(said).isEqualTo(there.statusCode());
            if (here.statusCode() == 200 && there.statusCode() == 200) {
                softly.assertThat(predictions(here)).as(said).hasSameSizeAs(predictions(there));
                softly.assertThat(distance(here, there)).as(said).isCloseTo(0, within(1e-3));
            } else {
                requireError(softly, here, said);
            }
        }
        softly.assertAll();
    }

    @Test
    void whatDiffersIsInThePage() throws IOException {
        String page = Files.readString(DIFFERENCES);
        var softly = new SoftAssertions();
        for (String[] cells : table(DIFFERENT, 5)) {
            HttpResponse<String> there = post(mlflow.url(), cells[3], body(cells[4]));
            HttpResponse<String> here = post(server.url(), cells[3], body(cells[4]));
            String said = cells[2] + "\n" + there.body() + "\n" + here.body();
            softly.assertThat(there.statusCode() + " " + here.statusCode())
                    .as(said)
                    .isEqualTo(cells[0] + " " + cells[1]);
            softly.assertThat(page).contains("| " + cells[2]);
            if (here.statusCode() == 200 && there.statusCode() == 200) {
                softly.assertThat(distance(here, there)).as(said).isGreaterThan(1);
            }
            requireError(softly, here, said);
        }
        softly.assertAll();
    }

    @Test
    void whatWasIgnoredOrMissingIsInAHeader() {
        String records = body("{\"dataframe_records\":[{@first,\"note\":1,wind=null,carrier=null}],\"more\":{}}");
        assertThat(post(server.url(), "application/json", records).headers().firstValue("x-mw-warnings"))
                .contains("ignored columns: note; ignored fields: more; missing values in: wind, carrier");
        String csv = body("@header,note⏎1400.5,,NA,8,120,-1.5,true,UA,⏎");
        assertThat(post(server.url(), "text/csv", csv).headers().firstValue("x-mw-warnings"))
                .contains("ignored columns: note; missing values in: wind, rain");
        String plain = body("{\"dataframe_records\":[{@first}]}");
        assertThat(post(server.url(), "application/json", plain).headers().firstValue("x-mw-warnings"))
                .isEmpty();
    }

    @Test
    void healthAndVersion() {
        for (String path : List.of("/ping", "/health", "/version")) {
            HttpResponse<String> there = send(HttpRequest.newBuilder(URI.create(mlflow.url() + path)));
            HttpResponse<String> here = send(HttpRequest.newBuilder(URI.create(server.url() + path)));
            assertThat(here.statusCode()).isEqualTo(there.statusCode()).isEqualTo(200);
            if (path.equals("/version")) {
                assertThat(here.body()).matches("3\\.\\d+\\.\\d+");
                assertThat(there.body()).matches("3\\.\\d+\\.\\d+");
            }
        }
    }

    private static void requireError(SoftAssertions softly, HttpResponse<String> answer, String said) {
        if (answer.statusCode() == 400) {
            JsonNode error = Json.parse(answer.body());
            softly.assertThat(error.path("error_code").asText()).as(said).isEqualTo("BAD_REQUEST");
            softly.assertThat(error.path("message").asText()).as(said).isNotEmpty();
            softly.assertThat(answer.body()).as(said).doesNotContain("1400.5", "B6", "Traceback", "stack");
        }
    }

    private static List<Double> predictions(HttpResponse<String> answer) {
        List<Double> values = new ArrayList<>();
        Json.parse(answer.body()).path("predictions").forEach(value -> values.add(value.asDouble(Double.NaN)));
        return values;
    }

    private static double distance(HttpResponse<String> here, HttpResponse<String> there) {
        double largest = 0;
        for (int i = 0; i < predictions(here).size(); i++) {
            largest = Math.max(
                    largest,
                    Math.abs(predictions(here).get(i) - predictions(there).get(i)));
        }
        return largest;
    }

    private static List<String[]> table(String text, int cells) {
        return text.lines().map(line -> line.strip().split(" *\\| *", cells)).toList();
    }

    /** A case's body: {@code @first} is a row, as an object's fields in braces and as values in brackets. */
    private static String body(String template) {
        ObjectNode first = (ObjectNode) Json.parse(FIRST);
        JsonNode second = Json.parse(SECOND);
        List<String> names = new ArrayList<>();
        List<String> both = new ArrayList<>();
        for (Map.Entry<String, JsonNode> cell : first.properties()) {
            names.add(cell.getKey());
            both.add("\"" + cell.getKey() + "\":[" + cell.getValue() + "," + second.get(cell.getKey()) + "]");
        }
        String filled = without(template, names)
                .replace("[@first]", "[" + values(FIRST, names) + "]")
                .replace("[@second]", "[" + values(SECOND, names) + "]")
                .replace("[@tsrif]", "[" + values(FIRST, names.reversed()) + "]")
                .replace("@columns", quoted(names))
                .replace("@reversed", quoted(names.reversed()))
                .replace("@both", String.join(",", both))
                .replace("@header", String.join(",", names))
                .replace("@csv", values(FIRST, names).replace("\"", ""))
                .replace("\\r", "\r")
                .replace("⏎", "\n");
        return changed(filled, names);
    }

    /** {@code -wind} after a row's brace takes the column out of it. */
    private static String without(String template, List<String> names) {
        String text = template;
        for (String name : names) {
            if (text.contains("}-" + name)) {
                var first = ((ObjectNode) Json.parse(FIRST)).without(name).toString();
                var second = ((ObjectNode) Json.parse(SECOND)).without(name).toString();
                text = text.replace("}-" + name, "}")
                        .replace("@first", first.substring(1, first.length() - 1))
                        .replace("@second", second.substring(1, second.length() - 1));
            }
        }
        return text;
    }

    /** Rows as fields; {@code wind=null} after one gives the column another value. */
    private static String changed(String template, List<String> names) {
        String text = template;
        for (String[] row : new String[][] {{"@first", FIRST}, {"@second", SECOND}}) {
            String fields = row[1].strip();
            for (String name : names) {
                var change = java.util.regex.Pattern.compile("," + name + "=([^,}]+)")
                        .matcher(text);
                if (text.contains(row[0]) && change.find()) {
                    fields = fields.replaceFirst(
                            "\"" + name + "\":[^,}]+",
                            java.util.regex.Matcher.quoteReplacement("\"" + name + "\":" + change.group(1)));
                    text = change.replaceFirst("");
                }
            }
            text = text.replace(row[0], fields.substring(1, fields.length() - 1));
        }
        return text;
    }

    private static String values(String row, List<String> names) {
        JsonNode json = Json.parse(row);
        return String.join(
                ",", names.stream().map(name -> json.get(name).toString()).toList());
    }

    private static String quoted(List<String> names) {
        return "\"" + String.join("\",\"", names) + "\"";
    }

    private static HttpResponse<String> post(String url, String type, String body) {
        var request = HttpRequest.newBuilder(URI.create(url + "/invocations"))
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .header("Authorization", "Bearer " + server.token("app"));
        return send(type.equals("-") ? request : request.header("Content-Type", type));
    }

    /** By a connection of its own: MLflow closes those whose requests it could not answer. */
    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
