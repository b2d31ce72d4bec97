package io.userstore.command.rest;

/** Breaks a rule of the architecture on purpose. */
public final class SendsMail {
    void method(org.springframework.mail.MailSender sender, org.springframework.mail.SimpleMailMessage mail) {
        sender.send(mail);
    }
}
