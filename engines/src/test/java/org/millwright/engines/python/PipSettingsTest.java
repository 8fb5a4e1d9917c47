package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipSettingsTest {
    @TempDir
    Path home;

    private Path conf;

    @BeforeEach
    void write() throws IOException {
        conf = home.resolve("pip.conf");
        Files.writeString(conf, """
                [list]
                index-url = https://wrong.example/simple
                [global]
                # the mirror
                index-url = https://mirror.example/simple/
                extra-index-url =
                    https://one.example/simple
                    https://two.example/simple
                trusted-host = mirror.example
                """);
    }

    @Test
    void readsTheIndexesOfPipsFile() {
        var settings = PipSettings.read(Map.of("PIP_CONFIG_FILE", conf.toString(), "HOME", home.toString()));

        assertThat(settings.index()).isEqualTo("https://mirror.example/simple");
        assertThat(settings.forUv())
                .containsEntry("UV_DEFAULT_INDEX", "https://mirror.example/simple/")
                .containsEntry("UV_INDEX", "https://one.example/simple https://two.example/simple")
                .containsEntry("UV_INSECURE_HOST", "mirror.example");
    }

    @Test
    void aVariableWinsOverTheFileAndUvsOwnOverPips() {
        var env = Map.of(
                "PIP_CONFIG_FILE",
                conf.toString(),
                "PIP_INDEX_URL",
                "https://pip.example/simple",
                "UV_DEFAULT_INDEX",
                "https://uv.example/simple",
                "HOME",
                home.toString());

        assertThat(PipSettings.read(env).index()).isEqualTo("https://uv.example/simple");
        assertThat(PipSettings.read(env).forUv()).doesNotContainKey("UV_DEFAULT_INDEX");
    }

    @Test
    void leavesOutLinkFoldersThatAreNotThere() throws IOException {
        Path wheels = Files.createDirectory(home.resolve("wheels"));
        var env = Map.of("PIP_FIND_LINKS", "/no/such/folder " + wheels, "HOME", home.toString());

        assertThat(PipSettings.read(env).forUv()).containsEntry("UV_FIND_LINKS", wheels.toString());
    }

    @Test
    void readsProxyAndCertificates() throws IOException {
        Path pem = Files.createFile(home.resolve("ca.pem"));
        var env = Map.of(
                "https_proxy",
                "http://proxy:3128",
                "NO_PROXY",
                "localhost,.example",
                "PIP_CERT",
                pem.toString(),
                "HOME",
                home.toString());
        var settings = PipSettings.read(env);

        assertThat(settings.proxy("https")).contains("http://proxy:3128");
        assertThat(settings.direct()).containsExactly("localhost", ".example");
        assertThat(settings.forUv()).containsEntry("SSL_CERT_FILE", pem.toString());
    }

    @Test
    void usesPypiByItself() {
        assertThat(PipSettings.read(Map.of("HOME", home.toString())).index()).isEqualTo("https://pypi.org/simple");
    }
}
