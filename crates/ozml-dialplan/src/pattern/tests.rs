use proptest::prelude::*;

use super::*;

fn pattern(written: &str) -> NumberPattern {
    NumberPattern::new(written).unwrap()
}

#[test]
fn patterns_match_whole_numbers() {
    for (written, matching, others) in [
        ("9994", &["9994", "99-94"][..], &["99941", "999", "+9994"][..]),
        ("+36*", &["+36201234567", "+36"], &["36201234567", "+3", "+49"]),
        ("36*", &["36201234567"], &["+36201234567"]),
        (
            "06 (20) XXX-XXXX",
            &["06201234567"],
            &["06301234567", "0620123456"],
        ),
        ("06/20.1*", &["06201"], &["0620"]),
        ("XNZ", &["021", "299"], &["011", "020", "0211", "#21"]),
        ("[2-57]X", &["20", "59", "71"], &["60", "10"]),
        ("36.", &["361"], &["36"]),
        ("36!", &["36", "361"], &["37"]),
        ("[*]100#", &["*100#"], &["1100#", "*100"]),
        ("[*#]*", &["*1", "#"], &["1"]),
        ("[+0]6*", &["+6", "061"], &["16"]),
        ("*", &["1", "+36", "*100#"], &[]),
        ("/^(310|311).*/", &["310", "3115"], &["312", "1310"]),
        (
            r"/\+?36(20|30)\d{7}/",
            &["+36201234567", "36301234567"],
            &["+362012345678"],
        ),
    ] {
        let pattern = pattern(written);
        let matches = |number: &&&str| pattern.matches(&PhoneNumber::new(number).unwrap());
        assert_eq!(matching.iter().find(|n| !matches(n)), None, "{written}");
        assert_eq!(others.iter().find(matches), None, "{written}");
    }
}

#[test]
fn names_are_matched_by_expressions_and_by_everything() {
    let bank = SenderId::new("My Bank").unwrap();
    assert!(pattern("/My .*/").matches_sender(&bank));
    assert!(pattern("*").matches_sender(&bank));
    assert!(!pattern("/Bank/").matches_sender(&bank));
    assert!(!pattern(".").matches_sender(&bank));
    assert!(pattern("+36*").matches_sender(&SenderId::new("+3620").unwrap()));
}

#[test]
fn faults_say_where_and_what() {
    for (written, fault) in [
        ("", PatternError::Empty),
        (" - ", PatternError::Empty),
        ("//", PatternError::Empty),
        ("*100#", PatternError::NotAtEnd { at: 1, found: '*' }),
        ("36!1", PatternError::NotAtEnd { at: 3, found: '!' }),
        ("3+6", PatternError::Plus { at: 2 }),
        ("3[+]", PatternError::Plus { at: 3 }),
        ("36a", PatternError::Character { at: 3, found: 'a' }),
        ("3[1a]", PatternError::Character { at: 4, found: 'a' }),
        ("3[12", PatternError::OpenSet { at: 2 }),
        ("[]", PatternError::EmptySet { at: 1 }),
        ("[5-2]", PatternError::Range { at: 3 }),
        ("[-2]", PatternError::Range { at: 2 }),
        ("[*-2]", PatternError::Range { at: 3 }),
        ("/36", PatternError::OpenExpression),
        ("/", PatternError::OpenExpression),
        (&"1".repeat(300), PatternError::TooLong { length: 300 }),
    ] {
        assert_eq!(NumberPattern::new(written).unwrap_err(), fault, "{written}");
    }
    let fault = NumberPattern::new("/36(/").unwrap_err().to_string();
    assert!(
        fault.contains("character 3") && fault.contains("unclosed group"),
        "{fault}"
    );
}

proptest! {
    #[test]
    fn no_text_makes_reading_or_matching_panic(written in ".{0,40}", number in "[+]?[0-9*#]{1,20}") {
        if let Ok(pattern) = NumberPattern::new(&written) {
            pattern.matches(&PhoneNumber::new(&number).unwrap());
        }
    }

    #[test]
    fn nor_does_what_looks_like_a_pattern(written in r"[-/\[\]0-9XNZ+*!.# ()|?]{0,20}") {
        let _ = NumberPattern::new(&written);
    }

    #[test]
    fn digits_match_themselves_only(one in "[+]?[0-9]{1,12}", other in "[+]?[0-9]{1,12}") {
        let matches = pattern(&one).matches(&PhoneNumber::new(&other).unwrap());
        prop_assert_eq!(matches, one == other);
    }
}
