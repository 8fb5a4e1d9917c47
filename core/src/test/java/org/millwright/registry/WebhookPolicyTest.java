package org.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.egress.PublicAddress;
import org.millwright.kernel.Problem;

final class WebhookPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/x",
                "https://localhost/x",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[fc00::1]/",
                "https://[fe80::1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::]/",
                "https://[::]/",
                "https://0.0.0.0/",
                "https://10.1.2.3/",
                "https://172.16.0.1/",
                "https://192.168.1.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://100.64.0.1/",
                "https://224.0.0.1/",
                "https://255.255.255.255/",
                "https://198.18.0.1/",
            })
    void innerAddressesAreRefused(String url) {
        assertThatThrownBy(() -> WebhookPolicy.DEFAULT.requireUrl(url))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("must not resolve to a non-public IP address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "http://example.com/",
                "ftp://example.com",
                "file:///etc/passwd",
                "https:///x",
                "https://user:pw@example.com/",
                "https://[invalid",
                "https://e xample/",
                "https://example.com/\r\nX: y",
            })
    void whatIsNoWebhookUrlIsRefused(String url) {
        assertThatThrownBy(() -> WebhookPolicy.DEFAULT.requireUrl(url)).isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void publicAddressesAreAllowed() throws UnknownHostException {
        assertThatCode(() -> WebhookPolicy.DEFAULT.requireUrl("https://93.184.216.34:8443/x?y=z"))
                .doesNotThrowAnyException();
        assertThat(PublicAddress.is(InetAddress.getByName("2606:4700::1111"))).isTrue();
        assertThat(PublicAddress.is(InetAddress.getByName("172.32.0.1"))).isTrue();
        assertThat(PublicAddress.is(InetAddress.getByName("192.169.0.1"))).isTrue();
    }

    @Test
    void mlflowsOwnSettingsCount() {
        var policy = WebhookPolicy.of(Map.of(
                "MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "http, https",
                "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", "true",
                "MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES", "3",
                "MLFLOW_WEBHOOK_REQUEST_TIMEOUT", "10"));
        assertThat(policy.schemes()).containsExactlyInAnyOrder("http", "https");
        assertThat(policy.retries()).isEqualTo(3);
        assertThatCode(() -> policy.requireUrl("http://127.0.0.1:1/")).doesNotThrowAnyException();
        assertThatThrownBy(() -> WebhookPolicy.of(Map.of("MLFLOW_WEBHOOK_REQUEST_TIMEOUT", "soon")))
                .isInstanceOf(Problem.Invalid.class);
    }
}
