package org.millwright.engines.mail;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.millwright.egress.Destinations;
import org.millwright.egress.HttpPost;
import org.millwright.notification.Mailer;
import org.millwright.notification.Target;

/**
 * Sends mail over SMTP, on a connection of its own to an address that was checked: nothing is looked up after that. Under TLS
 * the server's certificate must be for the host that was named.
 */
public final class SmtpMailer implements Mailer {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final Destinations destinations;
    private final Duration timeout;
    private final SSLSocketFactory tls;
    private final Clock clock;

    /** @param tls decides whose certificates are trusted */
    public SmtpMailer(Destinations destinations, Duration timeout, SSLSocketFactory tls, Clock clock) {
        this.destinations = destinations;
        this.timeout = timeout;
        this.tls = tls;
        this.clock = clock;
    }

    /** With the authorities that the JVM trusts. */
    public SmtpMailer(Destinations destinations, Duration timeout, Clock clock) {
        this(destinations, timeout, (SSLSocketFactory) SSLSocketFactory.getDefault(), clock);
    }

    @Override
    public void send(Target.Email server, Mail mail) throws IOException {
        InetAddress checked = destinations.address(server.host(), server.port());
        // With the name that was given, the library takes it for the certificate's instead of looking the address up.
        InetAddress address = InetAddress.getByAddress(HttpPost.bare(server.host()), checked.getAddress());
        Session session = session(server);
        try (Socket plain = HttpPost.connect(address, server.port(), timeout);
                Socket socket = server.tls() == Target.Email.Tls.IMPLICIT
                        ? HttpPost.secured(tls, plain, address.getHostName(), server.port())
                        : plain;
                SMTPTransport transport = (SMTPTransport) session.getTransport("smtp")) {
            MimeMessage message = message(session, server, mail);
            transport.connect(socket);
            transport.sendMessage(message, message.getAllRecipients());
        } catch (SendFailedException e) {
            throw new IOException("the server refused the mail: " + e.getMessage(), e);
        } catch (MessagingException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private Session session(Target.Email server) {
        String millis = Long.toString(timeout.toMillis());
        boolean signsIn = !server.user().isEmpty();
        var properties = new Properties();
        properties.put("mail.smtp.host", server.host());
        properties.put("mail.smtp.timeout", millis);
        properties.put("mail.smtp.writetimeout", millis);
        properties.put("mail.smtp.auth", Boolean.toString(signsIn));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(server.tls() == Target.Email.Tls.STARTTLS));
        properties.put("mail.smtp.starttls.required", Boolean.toString(server.tls() == Target.Email.Tls.STARTTLS));
        properties.put("mail.smtp.ssl.socketFactory", tls);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.localhost", "millwright");
        if (!signsIn) {
            return Session.getInstance(properties);
        }
        properties.put("mail.smtp.user", server.user());
        return Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(server.user(), server.password());
            }
        });
    }

    private MimeMessage message(Session session, Target.Email server, Mail mail) throws MessagingException {
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + mail.id() + "@millwright>");
            }
        };
        message.setFrom(new InternetAddress(server.from(), true));
        for (String to : server.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject(mail.subject().replaceAll("\\p{Cntrl}+", " "), UTF_8);
        message.setSentDate(Date.from(clock.instant()));
        // Holiday replies and lists keep quiet to a machine.
        message.setHeader("Auto-Submitted", "auto-generated");
        var text = new MimeBodyPart();
        text.setText(mail.text(), UTF_8);
        var html = new MimeBodyPart();
        html.setText(mail.html(), UTF_8, "html");
        message.setContent(new MimeMultipart("alternative", text, html));
        message.saveChanges();
        return message;
    }
}
