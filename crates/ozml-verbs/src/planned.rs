//! Verbs of OzML that are known by name and not available yet: a script that uses one gets a message that
//! says so, instead of one about an unknown verb.

use ozml_engine::{Contexts, Kind, VerbSpec};

/// The verbs that do not run yet, sorted by name.
pub static PLANNED: &[VerbSpec] = &[
    VerbSpec::new("Array", "Define a list for ForEach", r##"<Response><Array ID="stops"><item>Oak</item><item>Elm</item></Array></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Control),
    VerbSpec::new("AttendedTransfer", "Join the parties of two calls", r##"<Response><AttendedTransfer TargetCallId="7Qa2"/></Response>"##)
        .contexts(Contexts::T.and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("Beep", "Play a short tone", r##"<Response><Beep/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T))
        .kind(Kind::Call),
    VerbSpec::new("BlindTransfer", "Send the caller to another number", r##"<Response><BlindTransfer>4410</BlindTransfer></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("Call", "Place a new call that runs its own script", r##"<Response><Call Url="http://app.example/song">2710</Call></Response>"##)
        .contexts(Contexts::E.and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("CallSetup", "Connect two numbers", r##"<Response><CallSetup Caller="101" Callee="205"/></Response>"##)
        .contexts(Contexts::M.and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("DeleteFile", "Delete a file", r##"<Response><DeleteFile>voicemail:new/1.wav</DeleteFile></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Effect),
    VerbSpec::new("ForEach", "Run verbs once for each item of a list", r##"<Response><ForEach Source="stops"><Speak>Next: $item</Speak></ForEach></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Control),
    VerbSpec::new("ForwardCall", "Redirect a call that is still ringing", r##"<Response><ForwardCall Destination="512"/></Response>"##)
        .contexts(Contexts::T.and(Contexts::H))
        .kind(Kind::Call)
        .aliases(&["Forward"]),
    VerbSpec::new("GoTo", "Continue with a script from a web application", r##"<Response><GoTo>http://app.example/menu2</GoTo></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Wait),
    VerbSpec::new("Hold", "Put both parties of a call on hold", r##"<Response><Hold CallId="c9"/></Response>"##)
        .contexts(Contexts::T.and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("ListActiveCalls", "List the running calls", r##"<Response><ListActiveCalls ID="calls"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("ListAddressbookContacts", "List the contacts of a phone book", r##"<Response><ListAddressbookContacts AddressbookName="Sales"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect)
        .aliases(&["ListAddressbokkContacts", "ListPhonebookContacts"]),
    VerbSpec::new("ListAddressbookNames", "List the phone books", r##"<Response><ListAddressbookNames ID="books"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect)
        .aliases(&["ListPhonebookNames"]),
    VerbSpec::new("ListCallHistory", "List past calls", r##"<Response><ListCallHistory ID="calls" RowsPerPage="5"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect)
        .aliases(&["GetCallHistory"]),
    VerbSpec::new("ListExtensionTypes", "List the types of extensions", r##"<Response><ListExtensionTypes ID="types"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("ListExtensions", "List the extensions", r##"<Response><ListExtensions ID="ext" Type="Phone"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("MoveFile", "Move a file into a folder", r##"<Response><MoveFile SourceFile="voicemail:new/1.wav" TargetDirectory="voicemail:old"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Effect),
    VerbSpec::new("Play", "Play a sound file", r##"<Response><Play>hold.wav</Play></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("ReceiveAlarmNotification", "Receive an alarm message on the call", r##"<Response><ReceiveAlarmNotification><Received><SendSms Recipient="700">$eventname</SendSms></Received></ReceiveAlarmNotification></Response>"##)
        .contexts(Contexts::E)
        .kind(Kind::Call),
    VerbSpec::new("ReceiveMessage", "Fetch messages from a folder", r##"<Response><ReceiveMessage Folder="inbox"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("Record", "Record the caller", r##"<Response><Record Format="wav" Inactivity="4" FinishDigits="#"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("Reject", "Refuse the call before it is answered", r##"<Response><Reject/></Response>"##)
        .contexts(Contexts::E)
        .kind(Kind::Call),
    VerbSpec::new("Request", "Place a call and run verbs for each of its states", r##"<Request DialedAddress="2205"><OnInCall><Speak>Too warm.</Speak></OnInCall></Request>"##)
        .contexts(Contexts::M.and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("Route", "Decide where a call goes", r##"<Response><Route Destination="trunk2" RingTime="25"/></Response>"##)
        .contexts(Contexts::R.and(Contexts::T))
        .kind(Kind::Control),
    VerbSpec::new("SQL", "Run an SQL query", r##"<Response><SQL>SELECT 1</SQL></Response>"##)
        .contexts(Contexts::E)
        .kind(Kind::Effect),
    VerbSpec::new("SendAlarmNotification", "Send an alarm message in a call", r##"<Response><SendAlarmNotification PhoneNumber="700" AccountNumber="1234" EventCode="131" PartitionNumber="1" ZoneNumber="15"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("SendDTMF", "Send keys to the far end", r##"<Response><SendDTMF Party="callee" Keys="55#"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("SendEmail", "Send an e-mail", r##"<Response><SendEmail Recipient="duty@corp.example" Subject="Door">Opened.</SendEmail></Response>"##)
        .contexts(Contexts::E.and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("SendMessage", "Send a message through the gateway", r##"<Response><SendMessage Recipient="+36205550000" MessageData="Hi"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Effect),
    VerbSpec::new("SendMsg", "Send a message to a connection", r##"<Response><SendMsg ToConnection="ops@localhost">Hi</SendMsg></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Effect)
        .aliases(&["SendMessageToConn"]),
    VerbSpec::new("Unhold", "Take both parties of a call back from hold", r##"<Response><Unhold CallId="c9"/></Response>"##)
        .contexts(Contexts::T.and(Contexts::H))
        .kind(Kind::Call),
    VerbSpec::new("UserInput", "Ask the caller for keys", r##"<Response><UserInput><InitialCommands><Speak>Press 1.</Speak></InitialCommands><Inputs><Input Key="1"><Speak>One.</Speak></Input></Inputs></UserInput></Response>"##)
        .contexts(Contexts::E)
        .kind(Kind::Call),
    VerbSpec::new("Var", "Set a variable", r##"<Response><Var ID="who">Ann</Var></Response>"##)
        .contexts(Contexts::E.and(Contexts::T).and(Contexts::R).and(Contexts::M).and(Contexts::H))
        .kind(Kind::Control)
        .aliases(&["Variable"]),
    VerbSpec::new("WaitForMsg", "Wait for a message from a connection", r##"<Response><WaitForMsg FromConnection="sms1@localhost" ID="answer"/></Response>"##)
        .contexts(Contexts::E.and(Contexts::M))
        .kind(Kind::Wait)
        .aliases(&["WaitForMessage"]),
];
