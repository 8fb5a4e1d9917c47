package org.millwright.scoring.trees;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;

/** Models that the Python libraries trained, with rows and what the libraries predict for them; see make_trees.py. */
record TreeCases(Path folder, List<Case> all) {
    /** One model file with its rows and expected values, row by row. */
    record Case(String name, byte[] file, Signature signature, Frame rows, double[][] expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static TreeCases of(String library, String... packages) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), library);
            Path script = folder.resolve("make_trees.py");
            try (InputStream in = TreeCases.class.getResourceAsStream("make_trees.py")) {
                Files.copy(in, script);
            }
            Python python = Python.with("trees-" + String.join("-", packages).replace("==", "-"), packages);
            Python.Result made = python.script("python", script.toString(), library, folder.toString());
            if (made.code() != 0) {
                throw new IllegalStateException(made.output());
            }
            List<Case> cases = new ArrayList<>();
            for (JsonNode json :
                    new ObjectMapper().readTree(folder.resolve("cases.json").toFile())) {
                cases.add(read(folder, json));
            }
            return new TreeCases(folder, cases);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Case named(String name) {
        return all.stream()
                .filter(found -> found.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    byte[] file(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    private static Case read(Path folder, JsonNode json) throws IOException {
        List<Signature.Column> inputs = new ArrayList<>();
        int count = json.path("expected").size();
        Frame.Builder rows = Frame.of(count);
        for (JsonNode column : json.path("columns")) {
            String name = column.path("name").asText();
            DataType type = DataType.of(column.path("type").asText());
            inputs.add(Signature.Column.of(name, type));
            JsonNode values = json.path("rows").path(name);
            if (type == DataType.STRING) {
                rows.strings(name, texts(values));
            } else {
                rows.doubles(name, doubles(values));
            }
        }
        double[][] expected = new double[count][];
        for (int i = 0; i < count; i++) {
            expected[i] = doubles(json.path("expected").path(i));
        }
        List<Signature.Column> outputs =
                json.path("whole").asBoolean() ? List.of(Signature.Column.of("label", DataType.LONG)) : List.of();
        byte[] file = Files.readAllBytes(folder.resolve(json.path("file").asText()));
        return new Case(json.path("name").asText(), file, new Signature(inputs, outputs), rows.build(), expected);
    }

    private static double[] doubles(JsonNode values) {
        double[] doubles = new double[values.size()];
        Arrays.setAll(
                doubles,
                i -> values.path(i).isTextual()
                        ? Double.parseDouble(values.path(i).textValue())
                        : values.path(i).doubleValue());
        return doubles;
    }

    private static @Nullable String[] texts(JsonNode values) {
        @Nullable String[] texts = new String[values.size()];
        Arrays.setAll(texts, i -> values.path(i).textValue());
        return texts;
    }
}
