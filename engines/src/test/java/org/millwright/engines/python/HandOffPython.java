package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Python;
import org.millwright.scoring.Signature;

/** A folder with models that a script saved, and the environment that they were made in. */
record HandOffPython(Python python, Path folder) {
    /** Runs one of the scripts that save models, beside the scripts of the hand-off. */
    static HandOffPython saved(String script, Path folder) throws IOException {
        Python python = Python.handOff();
        new Scripts().copyTo(folder);
        try (var in = HandOffPython.class.getResourceAsStream(script)) {
            Files.copy(Objects.requireNonNull(in), folder.resolve(script));
        }
        Python.Result made = python.script("python", folder.resolve(script).toString(), folder.toString());
        assertThat(made.code()).as(made.output()).isZero();
        return new HandOffPython(python, folder);
    }

    /** The hand-off of a saved model into a folder. */
    Python.Result handOff(String name, Path made, int rows, String... more) {
        var arguments = new ArrayList<>(List.of(folder.resolve("mw_handoff.py").toString()));
        arguments.addAll(List.of("--model", folder.resolve(name).toString()));
        arguments.addAll(List.of("--data", folder.resolve("rows.parquet").toString()));
        arguments.addAll(List.of("--portable", made.toString()));
        arguments.addAll(List.of("--out", made.resolve("recorded.parquet").toString()));
        arguments.addAll(List.of("--report", made.resolve("report.json").toString()));
        arguments.addAll(List.of("--rows", Integer.toString(rows)));
        arguments.addAll(List.of(more));
        return python.script("python", arguments.toArray(new String[0]));
    }

    /** The predictions of a saved model for all rows, as the evaluation asks for them. */
    Python.Result predict(String name, Path out, Path report, String... more) {
        var arguments = new ArrayList<>(List.of(folder.resolve("mw_predict.py").toString()));
        arguments.addAll(List.of("--model", folder.resolve(name).toString()));
        arguments.addAll(List.of("--data", folder.resolve("rows.parquet").toString()));
        arguments.addAll(List.of("--out", out.toString(), "--report", report.toString()));
        arguments.addAll(List.of(more));
        return python.script("python", arguments.toArray(new String[0]));
    }

    Signature signature(String name) throws IOException {
        String text = Files.readString(folder.resolve(name).resolve("MLmodel"));
        Yaml.Value section = Yaml.parse("MLmodel", text).get("signature").orElseThrow();
        return Signature.fromMlflow(section.text("inputs", ""), section.text("outputs", ""));
    }
}
