package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Problem;
import org.millwright.kubernetes.KServe;
import org.millwright.scoring.Python;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.serving.TestBundles;

/** What is in production, for KServe: held against the classes of KServe's own client. */
class KServeTest {
    private static final Python PYTHON =
            Python.with("kserve-models-0.21.0", "--no-deps", "kserve==0.21.0", "six==1.17.0", "urllib3==2.7.0");
    /** Fields that the class of a kind does not have, also within; what is not KServe's own is not looked into. */
    private static final String CHECK = """
            import importlib, json, re, sys, types
            package = types.ModuleType("kserve")
            package.__path__ = [p + "/kserve" for p in sys.path if p.endswith("site-packages")]
            sys.modules["kserve"] = package

            def module(name):
                return importlib.import_module("kserve.models." + re.sub("(?<!^)(?=[A-Z])", "_", name).lower())

            def check(name, json, path):
                model = getattr(module(name), name)
                keys = {key: attribute for attribute, key in model.attribute_map.items()}
                for key, value in json.items():
                    if key not in keys:
                        print("unknown:", path + key)
                        continue
                    kind = model.openapi_types[keys[key]]
                    if kind == "str" and not isinstance(value, str):
                        print("no text:", path + key)
                    elif kind.startswith("V1beta1"):
                        check(kind, value, path + key + ".")

            package_models = types.ModuleType("kserve.models")
            package_models.__path__ = [p + "/models" for p in package.__path__]
            sys.modules["kserve.models"] = package_models
            check("V1beta1InferenceService", json.load(open(sys.argv[1])), "")
            """;

    @TempDir
    Path folder;

    @Test
    void whatIsInProductionBecomesAnInferenceServiceWithItsFiles() throws IOException {
        var faults = new Faults(folder);
        try (var server = ServerProcess.serve(faults.data)) {
            faults.release(server, 1);
            ServerProcess.await(
                    "a deployment with nothing in production",
                    () -> kserve(faults, server).exit() == Exit.CONFLICT ? true : null);
            faults.promote(server, 1);
            Terminal.Result result = kserve(faults, server);
            assertThat(result.exit()).as(result.err()).isZero();
            JsonNode service = result.json().at("/items/0");
            assertThat(service.at("/spec/predictor/model").toString())
                    .isEqualTo("{\"modelFormat\":{\"name\":\"onnx\"},\"protocolVersion\":\"v2\","
                            + "\"storageUri\":\"s3://models/delays\"}");
            assertThat(service.at("/metadata/annotations/millwright.org~1version")
                            .asText())
                    .isEqualTo("1");
            assertThat(unknown(service)).isEmpty();
            assertThat(unknown(((com.fasterxml.jackson.databind.node.ObjectNode) service.deepCopy()).put("spec1", 1)))
                    .contains("unknown: spec1");
            assertThat(files()).containsExactly("delays/1/model.onnx");
            assertThat(kserve(faults, server).err()).contains("is not empty");
        }
    }

    private Terminal.Result kserve(Faults faults, ServerProcess server) {
        return faults.mw(
                server,
                "ana",
                "kubernetes",
                "kserve",
                "delays",
                "--storage-uri",
                "s3://models/delays",
                "--trust",
                faults.data.resolve("keys/bundles.pem.pub").toString(),
                "--files",
                folder.resolve("files").toString());
    }

    private String unknown(JsonNode service) throws IOException {
        Path script = Files.writeString(folder.resolve("check.py"), CHECK);
        Path file = Files.writeString(folder.resolve("service.json"), service.toString());
        Python.Result checked = PYTHON.script("python", script.toString(), file.toString());
        assertThat(checked.code()).as(checked.output()).isZero();
        return checked.output();
    }

    private List<String> files() throws IOException {
        Path files = folder.resolve("files");
        try (Stream<Path> all = Files.walk(files)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> files.relativize(file).toString())
                    .toList();
        }
    }

    @Test
    void whatNoClusterTakesIsRefusedInOneSentence() {
        SigningKey key = SigningKey.generate();
        Bundle bundle = Bundle.open(TestBundles.watched(folder.resolve("bundle"), "1", key), List.of(key.trusted()));
        assertThatThrownBy(() -> new KServe(bundle, "Flight_delays"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("is no name in a cluster");
        for (String uri : List.of("models/delays", "file:///tmp/models", "s3://a b", "")) {
            assertThatThrownBy(() -> new KServe(bundle, "delays").service("default", uri))
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageContaining("an address that KServe knows");
        }
    }
}
